'use client'

import { Bomb, Brush, Ellipsis, Gauge, PackagePlus, Pause, Trash2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { useDialogHost } from '@/components/operation/dialog-host'
import { buttonVariants } from '@/components/ui/button'
import { MenuButton, type MenuItem } from '@/components/ui/menu-button'
import type { JobTypeRow } from '@/lib/console/areas/queues/job-types'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'
import type { QueueLimits } from '@/lib/infrastructure/queue'
import { menuEntry } from './menu-entry'
import type { AddInput, CleanInput, DrainInput, LimitsInput, ObliterateInput, PauseInput } from './queue-forms'

// They come with the dialog that they fill.
const AddForm = dynamic(() => import('./queue-forms').then(module => module.AddForm))
const CleanForm = dynamic(() => import('./queue-forms').then(module => module.CleanForm))
const DrainForm = dynamic(() => import('./queue-forms').then(module => module.DrainForm))
const LimitsForm = dynamic(() => import('./queue-forms').then(module => module.LimitsForm))
const ObliterateForm = dynamic(() => import('./queue-forms').then(module => module.ObliterateForm))
const PauseForm = dynamic(() => import('./queue-forms').then(module => module.PauseForm))

interface QueueMenuProps {
  row: QueueRow
  limits: QueueLimits
  jobTypes: readonly JobTypeRow[]
}

/** What else can be done about a whole queue. */
export function QueueMenu({ row, limits, jobTypes }: QueueMenuProps) {
  const openDialog = useDialogHost()
  const pause = useOperation('queue.pause')
  const setLimits = useOperation('queue.set-limits')
  const add = useOperation('queue.add-job')
  const drain = useOperation('queue.drain')
  const clean = useOperation('queue.clean')
  const obliterate = useOperation('queue.obliterate')
  const at = { server: row.server, queue: row.key }
  const subject = row.title
  const items: MenuItem[] = [
    ...(row.paused
      ? []
      : [
          menuEntry(pause, 'Pause for a time…', <Pause aria-hidden />, () =>
            openDialog<PauseInput>({
              operation: pause,
              subject,
              initialInput: { ...at, minutes: 60 },
              children: form => <PauseForm form={form} />,
            }),
          ),
        ]),
    menuEntry(add, 'Add a job…', <PackagePlus aria-hidden />, () =>
      openDialog<AddInput>({
        operation: add,
        subject,
        initialInput: { ...at, name: jobTypes[0]?.name ?? '', data: jobTypes[0]?.example ?? '{}' },
        children: form => <AddForm form={form} jobTypes={jobTypes} />,
      }),
    ),
    ...(row.major === 4
      ? []
      : [
          menuEntry(setLimits, 'Limits…', <Gauge aria-hidden />, () =>
            openDialog<LimitsInput>({
              operation: setLimits,
              subject,
              initialInput: { ...at, concurrency: limits.concurrency ?? null, rate: limits.rate ?? null },
              children: form => <LimitsForm form={form} />,
            }),
          ),
        ]),
    menuEntry(drain, 'Drain…', <Brush aria-hidden />, () =>
      openDialog<DrainInput>({
        operation: drain,
        subject,
        initialInput: { ...at, delayed: true, reason: '' },
        children: form => <DrainForm form={form} />,
      }),
    ),
    menuEntry(clean, 'Clean by age…', <Trash2 aria-hidden />, () =>
      openDialog<CleanInput>({
        operation: clean,
        subject,
        initialInput: { ...at, state: 'completed', olderThanHours: 24, reason: '' },
        children: form => <CleanForm form={form} />,
      }),
    ),
    {
      ...menuEntry(obliterate, 'Obliterate…', <Bomb aria-hidden />, () =>
        openDialog<ObliterateInput>({
          operation: obliterate,
          subject,
          initialInput: { ...at, reason: '' },
          children: form => <ObliterateForm form={form} />,
        }),
      ),
      danger: true,
    },
  ]
  return (
    <MenuButton
      className={buttonVariants({ size: 'icon' })}
      label={`More about ${row.title}`}
      align="end"
      items={items}
    >
      <Ellipsis aria-hidden />
    </MenuButton>
  )
}
