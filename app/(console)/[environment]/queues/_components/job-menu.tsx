'use client'

import { ClipboardCopy, Copy, Ellipsis, FastForward, ListOrdered, Pencil, RotateCcw, Skull, Timer } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import type { ReplayInput } from '@/app/(console)/_parts/dead-letters/replay-form'
import { useDialogHost } from '@/components/operation/dialog-host'
import { buttonVariants } from '@/components/ui/button'
import { MenuButton, type MenuItem } from '@/components/ui/menu-button'
import { announce } from '@/components/ui/notices'
import type { JobView } from '@/lib/console/areas/queues/views/job'
import { asCode } from './as-code'
import type { DeadLetterInput, DelayInput, PayloadInput, PriorityInput } from './job-forms'
import { menuEntry } from './menu-entry'

// They come with the dialog that they fill.
const ReplayForm = dynamic(() =>
  import('@/app/(console)/_parts/dead-letters/replay-form').then(module => module.ReplayForm),
)
const PayloadForm = dynamic(() => import('./job-forms').then(module => module.PayloadForm))
const PriorityForm = dynamic(() => import('./job-forms').then(module => module.PriorityForm))
const DelayForm = dynamic(() => import('./job-forms').then(module => module.DelayForm))
const DeadLetterForm = dynamic(() => import('./job-forms').then(module => module.DeadLetterForm))

const WAITING = ['waiting', 'prioritized', 'delayed']

/** What else can be done about one job. */
export function JobMenu({ job, server, queue }: { job: JobView; server: string; queue: string }) {
  const openDialog = useDialogHost()
  const runNow = useOperation('queue.run-now')
  const payload = useOperation('queue.edit-payload')
  const priority = useOperation('queue.change-priority')
  const delay = useOperation('queue.change-delay')
  const bury = useOperation('queue.move-to-dead-letters')
  const duplicate = useOperation('queue.duplicate')
  const replay = useOperation('dead-letters.replay')
  const at = { server, queue, job: job.id }
  const subject = job.id
  const isBusy = job.state === 'active' && !job.orphaned
  const waits = job.state !== undefined && WAITING.includes(job.state)
  const code = asCode(job)
  const { text, cut } = job.data
  const isWhole = text !== undefined && !cut && !('redacted' in job.data)
  const items: MenuItem[] = [
    ...(job.state === 'failed'
      ? [
          menuEntry(replay, 'Replay edited…', <RotateCcw aria-hidden />, () =>
            openDialog<ReplayInput>({
              operation: replay,
              subject,
              initialInput: { which: { by: 'ids', server, queue, ids: [job.id] } },
              children: form => <ReplayForm form={form} />,
            }),
          ),
        ]
      : []),
    ...(waits
      ? [
          menuEntry(runNow, 'Run now', <FastForward aria-hidden />, () =>
            openDialog({ operation: runNow, subject, initialInput: at }),
          ),
        ]
      : []),
    ...(isBusy
      ? []
      : [
          menuEntry(payload, 'Edit payload…', <Pencil aria-hidden />, () =>
            openDialog<PayloadInput>({
              operation: payload,
              subject,
              initialInput: { ...at, data: isWhole ? indented(text) : '' },
              children: form => <PayloadForm form={form} isWhole={isWhole} />,
            }),
          ),
          menuEntry(priority, 'Priority…', <ListOrdered aria-hidden />, () =>
            openDialog<PriorityInput>({
              operation: priority,
              subject,
              initialInput: { ...at, priority: job.priority },
              children: form => <PriorityForm form={form} />,
            }),
          ),
        ]),
    ...(job.state === 'delayed'
      ? [
          menuEntry(delay, 'Delay…', <Timer aria-hidden />, () =>
            openDialog<DelayInput>({
              operation: delay,
              subject,
              initialInput: { ...at, seconds: 60 },
              children: form => <DelayForm form={form} />,
            }),
          ),
        ]
      : []),
    ...(waits
      ? [
          menuEntry(bury, 'To the dead letters…', <Skull aria-hidden />, () =>
            openDialog<DeadLetterInput>({
              operation: bury,
              subject,
              initialInput: { ...at, error: '' },
              children: form => <DeadLetterForm form={form} />,
            }),
          ),
        ]
      : []),
    menuEntry(duplicate, 'Duplicate…', <Copy aria-hidden />, () =>
      openDialog({ operation: duplicate, subject, initialInput: at }),
    ),
    ...(code === undefined
      ? []
      : [{ id: 'code', label: 'Copy as code', icon: <ClipboardCopy aria-hidden />, onSelect: () => void copy(code) }]),
  ]
  return (
    <MenuButton
      className={buttonVariants({ size: 'icon' })}
      label={`More about job ${job.id}`}
      align="end"
      items={items}
    >
      <Ellipsis aria-hidden />
    </MenuButton>
  )
}

async function copy(code: string) {
  try {
    await navigator.clipboard.writeText(code)
    announce({ kind: 'done', title: 'Copied: the call that adds such a job', forMs: 4_000 })
  } catch {
    announce({ kind: 'failed', title: 'The browser refused to copy', forMs: 6_000 })
  }
}

/** Indented, unless that would change it: a number that JavaScript cannot hold exactly, or spaces of its own. */
function indented(text: string): string {
  try {
    const data: unknown = JSON.parse(text)
    return JSON.stringify(data) === text ? JSON.stringify(data, null, 2) : text
  } catch {
    return text
  }
}
