import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function EventsLoading() {
  return <ListLoading label="The events are being read" />
}
