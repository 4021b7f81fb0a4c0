import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function MessagesLoading() {
  return <ListLoading label="The messages are being read" />
}
