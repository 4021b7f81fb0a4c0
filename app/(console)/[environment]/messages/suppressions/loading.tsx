import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function SuppressionsLoading() {
  return <ListLoading label="The suppressed addresses are being read" />
}
