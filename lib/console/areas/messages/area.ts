import { defineArea } from '../../platform/area/define.ts'
import { ofMessages } from './attention.ts'
import { databasesWithLogs, Logs } from './logs.ts'
import { cancelMessage } from './operations/cancel.ts'
import { resendMessage } from './operations/resend.ts'
import { suppressAddress } from './operations/suppress.ts'
import { unsuppressAddress } from './operations/unsuppress.ts'
import { messageView } from './views/message.ts'
import { messagesView } from './views/messages.ts'
import { suppressionsView } from './views/suppressions.ts'
import { MessagesWatch } from './watch.ts'

/** A rate over a day does not change in a moment (ms). */
const COUNTED_EVERY = 30_000

export const messagesArea = defineArea({
  id: 'messages',
  title: 'Messages',
  page: { group: 'operate', icon: 'mail', shortcut: 'n', counts: 'needing attention' },
  permissions: {
    'message:read': 'viewer',
    // Addresses and contents are people's own; without this permission they are masked.
    'message:content': 'operator',
    'message:cancel': 'operator',
    'message:resend': 'operator',
    'message:suppress': 'operator',
  },
  topics: { messages: 'message:read' },
  resources: [Logs, MessagesWatch],
  views: [messagesView, messageView, suppressionsView],
  operations: [cancelMessage, resendMessage, suppressAddress, unsuppressAddress],
  async attention({ environment }) {
    const databases = await databasesWithLogs(environment)
    const read = await Promise.all(
      databases.map(async ({ name }) => {
        const counts = await environment.of(Logs).find(name)?.countsOfDay(COUNTED_EVERY)
        return counts === undefined || counts.status === 'down' ? undefined : ofMessages(name, counts.data)
      }),
    )
    // A database that does not answer is an item of its own.
    return { items: read.flatMap(items => items ?? []), known: read.every(items => items !== undefined) }
  },
})
