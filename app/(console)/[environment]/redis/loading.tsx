import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function RedisLoading() {
  return <ListLoading label="The Redis servers are being read" rows={2} filters={false} />
}
