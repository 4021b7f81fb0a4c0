import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { Button } from '@/components/ui/button'
import type { SavedQueriesData } from '@/lib/console/areas/database/views/saved-queries'

interface SavedQueryListProps {
  queries: SavedQueriesData['queries']
  chosen: string | undefined
  onChoose: (id: string) => void
  onNew: () => void
}

/** What others have saved for this database. */
export function SavedQueryList({ queries, chosen, onChoose, onNew }: SavedQueryListProps) {
  return (
    <Panel title="Saved queries" actions={<Button onClick={onNew}>New query</Button>}>
      <PartBoundary part={queries} what="Postgres">
        {known =>
          known.length === 0 ? (
            <p className="px-3.5 py-3 text-md text-muted">
              None yet. Write one and save it: everyone who may browse this database finds it here.
            </p>
          ) : (
            <ul aria-label="Saved queries" className="max-h-64 divide-y divide-line overflow-y-auto desk:max-h-[60vh]">
              {known.map(({ id, name, description, changedBy, changedAt }) => (
                <li key={id}>
                  <button
                    type="button"
                    aria-current={id === chosen ? 'true' : undefined}
                    onClick={() => onChoose(id)}
                    className="grid w-full gap-0.5 px-3.5 py-2 text-left hover:bg-sunk aria-[current]:bg-accent-soft"
                  >
                    <span className="text-md font-medium break-words">{name}</span>
                    {description ? (
                      <span className="line-clamp-2 text-sm break-words text-muted">{description}</span>
                    ) : null}
                    <span className="text-sm text-muted">
                      {changedBy}, <RelativeTime at={changedAt} />
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </PartBoundary>
    </Panel>
  )
}
