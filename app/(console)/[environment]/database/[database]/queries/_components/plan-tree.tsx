import { cn } from '@/components/ui/cn'
import { formatExact, formatShort } from '@/lib/core/number-format'
import type { Plan, PlanNode } from '@/lib/infrastructure/insight/index'

/** The nodes of a plan, what runs first at the bottom, each with what it is expected to cost and return. */
export function PlanTree({ plan }: { plan: Plan }) {
  return (
    <section
      aria-label="Plan"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-md border border-line bg-sunk p-3"
    >
      <Node node={plan.root} whole={plan.root.cost.total} isRoot />
    </section>
  )
}

function Node({ node, whole, isRoot = false }: { node: PlanNode; whole: number; isRoot?: boolean }) {
  const { kind, relation, index, condition, filter, expectedRows, cost, children } = node
  return (
    <div className={cn('text-sm', !isRoot && 'mt-1.5 ml-2 border-l border-line pl-3')}>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <b className="font-medium">{kind}</b>
        {index ? <span>{index}</span> : null}
        {relation ? <span className="text-muted">{relation}</span> : null}
        <span
          className="ml-auto tabular-nums text-muted"
          title={`Cost ${formatExact(cost.total)} of ${formatExact(whole)}`}
        >
          {formatShort(expectedRows)} rows, cost {formatShort(cost.total)}
        </span>
      </p>
      {condition ? <Condition what="by" text={condition} /> : null}
      {filter ? <Condition what="filter" text={filter} /> : null}
      {children.map((child, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a node is its place in the plan
        <Node key={at} node={child} whole={whole} />
      ))}
    </div>
  )
}

function Condition({ what, text }: { what: string; text: string }) {
  return (
    <p className="text-muted">
      {what} <code className="break-words">{text}</code>
    </p>
  )
}
