import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { StatusMark } from '@/components/status/status-mark'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import type { RowsRefused } from '@/lib/console/areas/database/browse/read-rows'
import { MissingGrant } from '../../_components/missing-grant'

/** Why there are no rows to show, and what helps. */
export function RowsRefusal({ refused, url }: { refused: RowsRefused; url: UrlFilters }) {
  const { kind, words, nextStep, grant } = refused
  if (grant) return <MissingGrant grant={grant}>{words}</MissingGrant>
  const status = kind === 'down' ? 'bad' : 'warning'
  return (
    <Callout tone={status} mark={<StatusMark status={status} />} title={words} urgent>
      {nextStep ? <p>{nextStep}</p> : null}
      {url.get('column') || url.get('after') ? (
        <Button
          className="mt-1 justify-self-start"
          onClick={() => url.set({ column: undefined, is: undefined, value: undefined, after: undefined })}
        >
          Clear the filter
        </Button>
      ) : null}
    </Callout>
  )
}
