import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function MigrationsLoading() {
  return <ListLoading label="The migrations are being read" />
}
