import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function QueriesLoading() {
  return <ListLoading label="The queries are being read" rows={8} />
}
