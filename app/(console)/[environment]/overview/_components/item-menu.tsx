import { BellOff, Ellipsis, Eye, UserCheck } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { useDialogHost } from '@/components/operation/dialog-host'
import { RelativeTime } from '@/components/status/relative-time'
import { buttonVariants } from '@/components/ui/button'
import { MenuButton, type MenuItem } from '@/components/ui/menu-button'
import type { RankedItem } from '@/lib/console/platform/attention/collect'
import type { OperationSummary } from '@/lib/console/platform/operation/wire'
import type { AcknowledgeInput, MuteInput } from './mark-forms'

// They come with the dialog that they fill.
const AcknowledgeForm = dynamic(() => import('./mark-forms').then(module => module.AcknowledgeForm))
const MuteForm = dynamic(() => import('./mark-forms').then(module => module.MuteForm))

/** What can be said about an item: that it is being dealt with, or that it is not to be shown. */
export function ItemMenu({ item: { id, subject, mark } }: { item: RankedItem }) {
  const acknowledge = useOperation('attention.acknowledge')
  const mute = useOperation('attention.mute')
  const restore = useOperation('attention.restore')
  const openDialog = useDialogHost()
  const entry = (operation: OperationSummary, more: Pick<MenuItem, 'label' | 'icon' | 'onSelect'>): MenuItem => ({
    id: operation.id,
    disabled: !operation.allowed,
    detail: operation.allowed ? undefined : `needs the ${operation.needs} role`,
    ...more,
  })
  const items = [
    ...(mark?.kind === 'acknowledged'
      ? []
      : [
          entry(acknowledge, {
            label: 'Acknowledge…',
            icon: <UserCheck aria-hidden />,
            onSelect: () =>
              openDialog<AcknowledgeInput>({
                operation: acknowledge,
                subject,
                initialInput: { item: id },
                children: form => <AcknowledgeForm form={form} />,
              }),
          }),
        ]),
    entry(mute, {
      label: mark?.kind === 'muted' ? 'Mute for another time…' : 'Mute…',
      icon: <BellOff aria-hidden />,
      onSelect: () =>
        openDialog<MuteInput>({
          operation: mute,
          subject,
          initialInput: { item: id, minutes: 60, reason: '' },
          children: form => <MuteForm form={form} />,
        }),
    }),
    ...(mark
      ? [
          entry(restore, {
            label: mark.kind === 'muted' ? 'Unmute…' : 'Take the acknowledgement back…',
            icon: <Eye aria-hidden />,
            onSelect: () => openDialog({ operation: restore, subject, initialInput: { item: id } }),
          }),
        ]
      : []),
  ]
  return (
    <MenuButton
      className={buttonVariants({ variant: 'ghost', size: 'icon' })}
      label={`More about ${subject}`}
      align="end"
      items={items}
    >
      <Ellipsis aria-hidden />
    </MenuButton>
  )
}

/** Who marked an item, why, and until when. */
export function MarkLine({ mark: { kind, by, reason, at, until } }: { mark: NonNullable<RankedItem['mark']> }) {
  return (
    <p className="mt-0.5 text-sm break-words text-muted">
      {kind === 'muted' ? 'Muted' : 'Acknowledged'} by {by} <RelativeTime at={at} />
      {kind === 'muted' ? (
        <>
          , until <RelativeTime at={until} as="clock" />
        </>
      ) : null}
      {reason ? `: “${reason}”` : null}
    </p>
  )
}
