import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function AuditLoading() {
  return <ListLoading label="The audit is being read" rows={14} />
}
