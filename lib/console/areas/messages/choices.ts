import type { MessageChannel, MessageStatus, SuppressionReason } from '../../../infrastructure/messages/index.ts'

export const CHANNELS = [
  'email',
  'sms',
  'web-push',
  'expo',
  'fcm',
  'in-app',
  'chat',
] as const satisfies MessageChannel[]
export const STATUSES = [
  'queued',
  'scheduled',
  'sending',
  'sent',
  'delivered',
  'bounced',
  'complained',
  'failed',
  'cancelled',
  'suppressed',
] as const satisfies MessageStatus[]
export const REASONS = ['bounce', 'complaint', 'unsubscribe', 'manual'] as const satisfies SuppressionReason[]
