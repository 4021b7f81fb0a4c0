import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function SchedulesLoading() {
  return <ListLoading label="The schedules are being read" />
}
