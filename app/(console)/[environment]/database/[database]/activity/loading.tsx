import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function ActivityLoading() {
  return <ListLoading label="The sessions are being read" />
}
