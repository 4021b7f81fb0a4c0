import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function BreakersLoading() {
  return <ListLoading label="The breakers are being read" />
}
