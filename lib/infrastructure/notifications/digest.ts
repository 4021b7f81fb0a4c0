import type { Content } from './channel.ts'
import type { NotificationMessage } from './port.ts'

/** Makes one content of what was collected, at least two, oldest first. */
export type Digest = (messages: readonly NotificationMessage[]) => Content

/** What a digest says where the service has no words of its own. */
const plainDigest: Digest = messages => ({
  title: `${messages.length} notifications`,
  text: messages.map(({ content: { title, text } }) => (title === undefined ? text : `${title}: ${text}`)).join('\n'),
})

/** The message that stands for those collected. */
export function digested(items: readonly string[], digest: Digest = plainDigest): NotificationMessage | undefined {
  const messages = items.map(item => JSON.parse(item) as NotificationMessage)
  const [first, ...more] = messages
  if (!first || more.length === 0) return first
  return { ...first, content: digest(messages), on: {} }
}
