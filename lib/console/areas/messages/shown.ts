import type { Message, MessageEvent } from '../../../infrastructure/messages/index.ts'
import { maskedAddress, maskedWords } from './mask.ts'

/** A message as a page shows it: without its content, and for those who may not see people's data without their addresses. */
export interface ShownMessage extends Omit<Message, 'recipients' | 'idempotencyKey'> {
  recipients: string[]
  /** Of them, those that are left out. */
  more: number
}

const MOST_RECIPIENTS = 20

export function shownMessage({ idempotencyKey: _, ...message }: Message, whole: boolean): ShownMessage {
  const recipients = message.recipients.slice(0, MOST_RECIPIENTS)
  return {
    ...message,
    recipients: whole ? recipients : recipients.map(maskedAddress),
    more: message.recipients.length - recipients.length,
    ...(message.title === undefined || whole ? {} : { title: maskedWords(message.title) }),
    ...(message.lastError === undefined || whole ? {} : { lastError: maskedWords(message.lastError) }),
  }
}

export interface ShownEvent {
  id: string
  at: number
  kind: MessageEvent['kind']
  provider?: string
  /** What was said with it. */
  words?: string
}

export function shownEvent({ id, at, kind, provider, detail }: MessageEvent, whole: boolean): ShownEvent {
  const words = Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
  return {
    id,
    at,
    kind,
    ...(provider === undefined ? {} : { provider }),
    ...(words ? { words: whole ? words.slice(0, 500) : maskedWords(words).slice(0, 500) } : {}),
  }
}
