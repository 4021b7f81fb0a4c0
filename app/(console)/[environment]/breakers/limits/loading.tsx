import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function LimitsLoading() {
  return <ListLoading label="The limits are being read" />
}
