import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function TablesLoading() {
  return <ListLoading label="The tables are being read" rows={8} />
}
