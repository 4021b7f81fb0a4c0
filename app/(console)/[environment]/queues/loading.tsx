import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function QueuesLoading() {
  return <ListLoading label="The queues are being read" />
}
