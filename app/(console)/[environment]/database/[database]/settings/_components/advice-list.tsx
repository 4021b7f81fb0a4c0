import { Panel } from '@/components/status/panel'
import { type Status, StatusBadge } from '@/components/status/status-mark'
import { CodeBlock } from '@/components/ui/code-block'
import type { SettingsState } from '@/lib/console/areas/database/views/settings'
import { formatExact } from '@/lib/core/number-format'

const KINDS: Record<SettingsState['advice'][number]['kind'], [Status, string]> = {
  danger: ['bad', 'Data at risk'],
  advice: ['warning', 'Advice'],
  question: ['unknown', 'Question'],
}

type AdviceListProps = Pick<SettingsState, 'advice' | 'managedBy'>

/** Advice with its reasons, each with the statement ready to be copied. The console runs none of them. */
export function AdviceList({ advice, managedBy }: AdviceListProps) {
  return (
    <Panel
      title="Worth changing"
      note={advice.length === 0 ? 'nothing that was measured' : `${formatExact(advice.length)}, from what was measured`}
    >
      {managedBy ? (
        <p className="border-b border-line bg-sunk px-3.5 py-2 text-md">
          {managedBy} keeps the settings of this server and refuses ALTER SYSTEM: change them there.
        </p>
      ) : null}
      {advice.length === 0 ? (
        <p className="px-3.5 py-3 text-md text-muted">
          None of the settings that are commonly wrong is, as far as this account may see.
        </p>
      ) : (
        <ul>
          {advice.map(({ setting, kind, title, why, statement }) => {
            const [status, word] = KINDS[kind]
            return (
              <li
                key={setting}
                className="grid grid-cols-1 gap-x-5 gap-y-2 border-b border-line px-3.5 py-3 last:border-0 desk:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]"
              >
                <div className="min-w-0">
                  <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <StatusBadge status={status}>{word}</StatusBadge>
                    <b className="font-semibold">{title}</b>
                    <code className="text-sm text-muted">{setting}</code>
                  </p>
                  <p className="mt-1 max-w-[75ch] text-md text-muted">{why}</p>
                </div>
                <CodeBlock code={statement} copy={`Copy the statement for ${setting}`} wrap className="self-start" />
              </li>
            )
          })}
        </ul>
      )}
    </Panel>
  )
}
