import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { EmptyState } from '@/components/ui/empty-state'

export function NoCaches({ joining }: { joining: Joining }) {
  return (
    <EmptyState
      title="No process has registered a cache"
      code={joiningLines(joining, {
        imports: "import { createCacheRegistry } from 'substation/cache'",
        lines: [
          `const caches = createCacheRegistry({ redisUrl: '${joining.redisUrl}' })`,
          "const catalogue = await caches.create({ name: 'catalogue' })",
        ],
        name: 'caches',
      })}
    >
      A cache shows up here within two seconds. Keys of other programs in Redis can be counted and deleted by prefix
      above.
    </EmptyState>
  )
}
