import type { Fact } from '@/components/status/key-value'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import type { CacheGroup } from '@/lib/console/areas/caches/group'
import { InMemory } from './cache-columns'

type Adoption = NonNullable<CacheGroup['adopted']>

export const TARGET_WORDS = { key: 'key', pattern: 'pattern', tag: 'tag', all: 'all of it' } as const

/** What is known of a cache of another library: figures that its library lets be measured, and what can be invalidated. */
export function adoptedFacts(group: CacheGroup, { kind, store, can, cannot, unmeasured }: Adoption): Fact[] {
  const { hitRatio, calls, lastInvalidation, layers } = group
  return [
    {
      label: 'Kind',
      value: (
        <>
          {kind}
          <Quiet>{store === undefined ? ', used by its service directly' : `, in ${store}`}</Quiet>
        </>
      ),
    },
    ...(calls === undefined
      ? []
      : [
          {
            label: 'Hit ratio',
            value: (
              <>
                <ShortNumber as="percent" value={hitRatio.overall} /> <Quiet>of</Quiet> <ShortNumber value={calls} />{' '}
                <Quiet>lookups since its processes started</Quiet>
              </>
            ),
          },
        ]),
    ...(hitRatio.l1 === undefined || hitRatio.l2 === undefined
      ? []
      : [
          {
            label: 'By layer',
            value: (
              <>
                <Quiet>memory</Quiet> <ShortNumber as="percent" value={hitRatio.l1} />
                <Quiet>, its store</Quiet> <ShortNumber as="percent" value={hitRatio.l2} />
              </>
            ),
          },
        ]),
    ...(layers.includes('l1') && group.entries !== undefined
      ? [{ label: 'In memory', value: <InMemory group={group} /> }]
      : []),
    ...(unmeasured.length === 0
      ? []
      : [
          { label: 'Not measured', value: <Quiet>{`${unmeasured.join(', ')}: its library does not report it`}</Quiet> },
        ]),
    {
      label: 'Invalidated by',
      value:
        can.length === 0 ? (
          <Quiet>nothing: only its service can</Quiet>
        ) : (
          <ul>
            {can.map(({ by, exact, note }) => (
              <li key={by}>
                {TARGET_WORDS[by]}
                {exact ? null : ', not exact'}
                {note === undefined ? null : <Quiet>{`. ${note}`}</Quiet>}
              </li>
            ))}
          </ul>
        ),
    },
    ...(cannot.length === 0
      ? []
      : [
          {
            label: 'Not by',
            value: (
              <ul>
                {cannot.map(({ by, why }) => (
                  <li key={by}>
                    {TARGET_WORDS[by]}
                    <Quiet>{`. ${why}`}</Quiet>
                  </li>
                ))}
              </ul>
            ),
          },
        ]),
    {
      label: 'Last invalidated',
      value: lastInvalidation ? (
        <>
          <RelativeTime at={lastInvalidation.at} />
          <Quiet>,</Quiet> <span className="break-all">{lastInvalidation.about}</span>
        </>
      ) : (
        <Quiet>never from here since its processes started</Quiet>
      ),
    },
  ]
}

function Quiet({ children }: { children: string }) {
  return <span className="text-muted">{children}</span>
}
