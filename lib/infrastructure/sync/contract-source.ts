import type { PullRequest, SyncDefinition, SyncPage } from './port.ts'

export interface Product {
  id: string
  at: number
  price: number
}

export const product = (id: string, at = 1, price = 100): Product => ({ id, at, price })
export const many = (count: number, at = 1) => Array.from({ length: count }, (_, n) => product(`p${n}`, at))
export const byId = (a: Product, b: Product) => (a.id < b.id ? -1 : 1)

/** An outside API with three products a page, in the order of their change, and what was stored of it. */
export function shop(products: Product[]) {
  const stored = new Map<string, Product>()
  const asked: Omit<PullRequest, 'signal'>[] = []
  const applied: string[] = []
  const source = {
    products,
    stored,
    asked,
    applied,
    /** Called before a page is answered. */
    onPull: (_page: number): unknown => undefined,
    pull: async ({ page = '0', since, signal: _signal }: PullRequest): Promise<SyncPage<Product>> => {
      asked.push({ page, ...(since === undefined ? {} : { since }) })
      await source.onPull(Number(page))
      const from = Number(page) * 3
      const all = source.products.filter(({ at }) => since === undefined || at >= Number(since))
      const items = all.toSorted((a, b) => a.at - b.at || byId(a, b)).slice(from, from + 3)
      return { items, total: all.length, ...(from + 3 < all.length ? { next: String(Number(page) + 1) } : {}) }
    },
    definition: (more: Partial<SyncDefinition<Product>> = {}): SyncDefinition<Product> => ({
      name: 'products',
      strategy: 'full',
      pull: request => source.pull(request),
      async apply(items) {
        for (const item of items) {
          applied.push(item.id)
          stored.set(item.id, item)
        }
      },
      async remove(ids) {
        for (const id of ids) stored.delete(id)
      },
      id: ({ id }) => id,
      version: ({ at }) => at,
      retry: { initialDelayMs: 1, maxDelayMs: 1 },
      ...more,
    }),
  }
  return source
}
