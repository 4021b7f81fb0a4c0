import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function DeadLettersLoading() {
  return <ListLoading label="The dead letters are being read" />
}
