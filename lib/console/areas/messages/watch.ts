import { whileLookedAt } from '../../platform/live/while-looked-at.ts'

/** The log is written by services, which tell the console of no message. */
export const MessagesWatch = whileLookedAt('messages-watch', 'messages', 4_000)
