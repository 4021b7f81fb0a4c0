import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function DatabaseLoading() {
  return <ListLoading label="The database is being read" rows={4} filters={false} />
}
