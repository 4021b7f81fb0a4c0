import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function QueuesLoading() {
  return <ListLoading what="The queues" />
}
