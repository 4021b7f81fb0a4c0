export type { ChatFormat, ChatOptions } from './adapters/chat.ts'
export type { EmailChannelOptions } from './adapters/email.ts'
export type { ExpoOptions } from './adapters/expo.ts'
export type { FcmOptions } from './adapters/fcm.ts'
export type { TwilioOptions } from './adapters/twilio.ts'
export type { WebPushOptions } from './adapters/web-push.ts'
export type { Retry } from './attempt.ts'
export {
  CHANNEL_KINDS,
  type Channel,
  type ChannelKind,
  type Content,
  type Receipt,
  type SendCall,
  type Target,
  type WebPushSubscription,
} from './channel.ts'
export type { GuardedChannel } from './channel-set.ts'
export { createNotifications, type NotificationsDependencies, type NotificationsOptions } from './create.ts'
export { type ChannelOptions, createChannel, type InAppOptions } from './create-channel.ts'
export { createInbox, type StoredIn } from './create-inbox.ts'
export type { Digest } from './digest.ts'
export { NotificationError, type NotificationErrorCode } from './errors.ts'
export type { Inbox, InboxChange, InboxEntry, InboxListOptions, InboxSelection } from './inbox.ts'
export { notificationsMigrations } from './migrations.ts'
export type {
  ListOptions,
  NotificationMessage,
  NotificationState,
  NotificationStatus,
  Notifications,
  Notified,
  NotifyOptions,
  Priority,
  Recipient,
  Recipients,
  Send,
  SendState,
  Stage,
  WorkOptions,
} from './port.ts'
export type { Preferences } from './preferences.ts'
export type { Routes } from './routing.ts'
