import type { Joining } from '@/app/(console)/_parts/teaching/joining'
import { EmptyState } from '@/components/ui/empty-state'

export function NoQueues({ joining }: { joining: Joining }) {
  return (
    <EmptyState
      title="No BullMQ queue was found"
      code={[
        "import { Queue } from 'bullmq'",
        '',
        "const mail = new Queue('mail', {",
        `  connection: { url: '${joining.redisUrl}' },`,
        '})',
        "await mail.add('welcome', { to: 'ada@example.org' })",
      ].join('\n')}
    >
      Queues of BullMQ 4, 5 and 6 show up on their own under every prefix, whichever program made them; nothing has to
      be registered. Other servers are declared in <code>substation.config.ts</code>.
    </EmptyState>
  )
}
