import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function SagasLoading() {
  return <ListLoading label="The sagas are being read" />
}
