import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { EmptyState } from '@/components/ui/empty-state'

export function NoBreakers({ joining }: { joining: Joining }) {
  return (
    <EmptyState
      title="No process has registered a breaker"
      code={joiningLines(joining, {
        imports: "import { createBreakerRegistry } from 'substation/resilience'",
        lines: [
          'const breakers = createBreakerRegistry()',
          'const payments = breakers.create({',
          "  name: 'payments-api',",
          "  policy: { kind: 'consecutive', failures: 5 },",
          '  halfOpenAfterMs: 10_000,',
          '})',
        ],
        name: 'breakers',
      })}
    >
      A breaker shows up here within two seconds of its registration, in every process that has it. Those of opossum and
      cockatiel can be registered as they are.
    </EmptyState>
  )
}
