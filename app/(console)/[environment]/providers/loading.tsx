import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function ProvidersLoading() {
  return <ListLoading label="The providers are being read" />
}
