import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function DatabasesLoading() {
  return <ListLoading label="The databases are being read" rows={2} filters={false} />
}
