import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function CachesLoading() {
  return <ListLoading label="The caches are being read" />
}
