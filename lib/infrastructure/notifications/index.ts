export type { ChatFormat } from './adapters/chat.ts'
export type { WebPushSubscription } from './channel.ts'
export { type ChannelOptions, createChannel } from './create-channel.ts'
