import { AppLink } from '@/components/ui/app-link'

const EXAMPLES = [
  ['mailbox', 'any text: in the id, the name, the error or the payload'],
  ['data.order.id = 42', 'a value of the payload; an array stands for its elements'],
  ['data.total > 100 and state = failed', 'numbers, and a state: failed are dead letters'],
  ['error ~ timeout finished > 2h', 'part of an error, in the last two hours'],
  ['queue ~ mail (data.to ~ "@example.com" or not data.to = *)', 'contains, or is not there at all'],
  ['user = u-17', 'a user, workspace or trace that payload or options name'],
] as const

interface QueryHelpProps {
  href: (query: string) => string
}

/** The language by its examples; each is a link that searches. */
export function QueryHelp({ href }: QueryHelpProps) {
  return (
    <section aria-label="Examples" className="rounded-lg border border-line bg-panel p-4 text-md">
      <h2 className="mb-2 font-semibold">What can be searched for</h2>
      <dl className="grid gap-x-4 gap-y-1.5 wide:grid-cols-[auto_minmax(0,1fr)]">
        {EXAMPLES.map(([query, words]) => (
          <div key={query} className="contents">
            <dt className="min-w-0">
              <AppLink href={href(query)} scroll={false} className="font-mono text-sm break-words text-accent">
                {query}
              </AppLink>
            </dt>
            <dd className="mb-1.5 text-muted wide:mb-0">{words}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-sm text-muted">
        Fields are id, name, error, stack, state, queue, server, attempts, priority, added, processed, finished, due,
        trace, user, workspace, and paths in data, options and result. Comparisons are = != &gt; &gt;= &lt; &lt;= ~
        (contains) and !~. What is hidden from you in a job is not searched.
      </p>
    </section>
  )
}
