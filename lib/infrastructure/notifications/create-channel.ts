import { loadAdapter } from '../../core/load-adapter.ts'
import type { ChatOptions } from './adapters/chat.ts'
import type { EmailChannelOptions } from './adapters/email.ts'
import type { ExpoOptions } from './adapters/expo.ts'
import type { FcmOptions } from './adapters/fcm.ts'
import type { TwilioOptions } from './adapters/twilio.ts'
import type { WebPushOptions } from './adapters/web-push.ts'
import type { Channel } from './channel.ts'
import type { Inbox } from './inbox.ts'

export interface InAppOptions {
  via: 'in-app'
  inbox: Inbox
}

export type ChannelOptions =
  | EmailChannelOptions
  | TwilioOptions
  | WebPushOptions
  | ExpoOptions
  | FcmOptions
  | ChatOptions
  | InAppOptions

/** One provider of a channel. Its SDK is loaded here, and no other; MissingPackageError where it is not installed. */
export async function createChannel(options: ChannelOptions): Promise<Channel> {
  switch (options.via) {
    case 'twilio':
      return (await loadAdapter('SMS by Twilio', () => import('./adapters/twilio.ts'))).twilioChannel(options)
    case 'web-push':
      return (await loadAdapter('Web push', () => import('./adapters/web-push.ts'))).webPushChannel(options)
    case 'expo':
      return (await loadAdapter('Push by Expo', () => import('./adapters/expo.ts'))).expoChannel(options)
    case 'fcm':
      return (await loadAdapter('Push by FCM', () => import('./adapters/fcm.ts'))).fcmChannel(options)
    case 'email':
      return (await import('./adapters/email.ts')).emailChannel(options)
    case 'in-app':
      return (await import('./adapters/in-app.ts')).inAppChannel(options.inbox)
    default:
      return (await import('./adapters/chat.ts')).chatChannel(options)
  }
}
