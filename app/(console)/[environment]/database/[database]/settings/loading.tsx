import { ListLoading } from '@/app/(console)/_parts/loading/list-loading'

export default function SettingsLoading() {
  return <ListLoading label="The settings are being read" />
}
