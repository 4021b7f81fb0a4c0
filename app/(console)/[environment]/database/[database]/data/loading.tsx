import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function DataLoading() {
  return <ListLoading label="The rows are being read" rows={12} />
}
