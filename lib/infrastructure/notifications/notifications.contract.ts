export { type ChannelUnderTest, channelContract } from './channel.contract.ts'
export { type InboxUnderTest, inboxContract } from './inbox.contract.ts'
