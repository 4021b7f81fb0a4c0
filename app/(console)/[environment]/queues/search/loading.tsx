import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function SearchJobsLoading() {
  return <ListLoading label="The search is being opened" filters={false} />
}
