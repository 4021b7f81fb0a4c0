import { type Status, StatusMark } from '@/components/status/status-mark'
import type { ShownEvent, ShownMessage } from '@/lib/console/areas/messages/shown'

type MessageStatus = ShownMessage['status']

const STATUS: Record<MessageStatus, Status> = {
  queued: 'unknown',
  scheduled: 'unknown',
  sending: 'unknown',
  sent: 'good',
  delivered: 'good',
  bounced: 'bad',
  complained: 'bad',
  failed: 'bad',
  cancelled: 'warning',
  suppressed: 'warning',
}

export const statusOptions = Object.keys(STATUS).map(value => ({ value, label: capitalised(value) }))

export const channelOptions = [
  { value: 'email', label: 'Email' },
  { value: 'sms', label: 'SMS' },
  { value: 'web-push', label: 'Web push' },
  { value: 'expo', label: 'Expo' },
  { value: 'fcm', label: 'FCM' },
  { value: 'in-app', label: 'In-app' },
  { value: 'chat', label: 'Chat' },
]

export const channelLabel = (channel: string) => channelOptions.find(({ value }) => value === channel)?.label ?? channel

export function MessageState({ status }: { status: MessageStatus }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <StatusMark status={STATUS[status]} className="size-2.5" />
      {capitalised(status)}
    </span>
  )
}

const EVENTS: Record<ShownEvent['kind'], string> = {
  queued: 'Recorded',
  attempt: 'Attempt',
  accepted: 'Accepted by the provider',
  deferred: 'Deferred: the provider tries again',
  delivered: 'Delivered',
  bounced: 'Bounced',
  complained: 'Marked as spam',
  opened: 'Opened',
  clicked: 'Clicked',
  unsubscribed: 'Unsubscribed',
  failed: 'Failed for good',
  cancelled: 'Cancelled',
  suppressed: 'Not sent: the address is suppressed',
  resent: 'Sent again as a copy',
}

export const eventWords = (kind: ShownEvent['kind']) => EVENTS[kind]

export function eventStatus(kind: ShownEvent['kind']): Status {
  if (kind === 'bounced' || kind === 'complained' || kind === 'failed') return 'bad'
  if (kind === 'deferred' || kind === 'cancelled' || kind === 'suppressed' || kind === 'unsubscribed') return 'warning'
  return kind === 'queued' || kind === 'attempt' ? 'unknown' : 'good'
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
