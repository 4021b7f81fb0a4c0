import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { libraryDatabase } from '../testing/library-database.ts'
import { redisUrl } from '../testing/servers.ts'
import { createKeyValue, type KeyValueStore, KvError } from './index.ts'

let database: Awaited<ReturnType<typeof libraryDatabase>>
beforeAll(async () => {
  database = await libraryDatabase('kv')
})
afterAll(() => database.drop())

/** What the documentation says, in its simplest form: a map of values and lists. */
class Model {
  readonly kept = new Map<string, { value: unknown } | { list: unknown[] }>()

  value(key: string): unknown {
    const kept = this.kept.get(key)
    if (kept && 'list' in kept) throw 'KV_KIND'
    return kept?.value
  }
  list(key: string): unknown[] {
    const kept = this.kept.get(key)
    if (kept && !('list' in kept)) throw 'KV_KIND'
    return kept?.list ?? []
  }
  putList(key: string, list: unknown[]) {
    if (list.length === 0) this.kept.delete(key)
    else this.kept.set(key, { list })
    return list.length
  }
  increment(key: string, by: number) {
    const kept = this.value(key)
    const sum = (kept === undefined ? 0 : kept) as number
    if (!Number.isSafeInteger(sum) || !Number.isSafeInteger(sum + by)) throw 'KV_NUMBER'
    this.kept.set(key, { value: sum + by })
    return sum + by
  }
}

type Act = { name: string; model: (m: Model) => unknown; real: (kv: KeyValueStore) => Promise<unknown> }

const key = fc.constantFrom('a', 'b', 'ü', 'a:1')
const json = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }).map(value => JSON.parse(JSON.stringify(value)) as unknown),
  fc.constantFrom<unknown>(0, 1, -5, 1.5, Number.MAX_SAFE_INTEGER, 'text', null),
)
const end = fc.constantFrom('head' as const, 'tail' as const)
const act = (name: string, model: Act['model'], real: Act['real']): Act => ({ name, model, real })

const acts = fc.oneof(
  fc.tuple(key, json).map(([k, v]) =>
    act(
      `set ${k}`,
      m => void m.kept.set(k, { value: v }),
      async kv => void (await kv.set(k, v)),
    ),
  ),
  fc.tuple(key, json).map(([k, v]) =>
    act(
      `set ${k} if absent`,
      m => !m.kept.has(k) && m.kept.set(k, { value: v }) !== undefined,
      async kv => (await kv.set(k, v, { ifAbsent: true })) !== undefined,
    ),
  ),
  fc.tuple(key, json, json).map(([k, from, to]) =>
    act(
      `compareAndSet ${k}`,
      m => isDeepStrictEqual(m.value(k), from) && m.kept.set(k, { value: to }) !== undefined,
      kv => kv.compareAndSet(k, from, to),
    ),
  ),
  key.map(k =>
    act(
      `get ${k}`,
      m => m.value(k),
      kv => kv.get(k),
    ),
  ),
  key.map(k =>
    act(
      `delete ${k}`,
      m => m.kept.delete(k),
      kv => kv.delete(k),
    ),
  ),
  fc.tuple(key, fc.integer({ min: -3, max: 3 })).map(([k, by]) =>
    act(
      `increment ${k}`,
      m => m.increment(k, by),
      kv => kv.increment(k, { by }),
    ),
  ),
  fc
    .tuple(key, fc.array(json, { minLength: 1, maxLength: 4 }), end, fc.integer({ min: 1, max: 5 }))
    .map(([k, vs, e, max]) =>
      act(
        `push ${k} ${e} ${max}`,
        m => {
          const all = e === 'tail' ? [...m.list(k), ...vs] : [...vs.toReversed(), ...m.list(k)]
          return m.putList(k, e === 'tail' ? all.slice(-max) : all.slice(0, max))
        },
        kv => kv.push(k, vs, { end: e, maxLength: max }),
      ),
    ),
  fc.tuple(key, end).map(([k, e]) =>
    act(
      `pop ${k} ${e}`,
      m => {
        const list = [...m.list(k)]
        const item = e === 'head' ? list.shift() : list.pop()
        m.putList(k, list)
        return item
      },
      kv => kv.pop(k, e),
    ),
  ),
  fc.tuple(key, fc.integer({ min: 0, max: 4 }), end).map(([k, max, e]) =>
    act(
      `trim ${k} ${max} ${e}`,
      m =>
        m.putList(
          k,
          max === 0 ? m.list(k).slice(0, 0) : e === 'tail' ? m.list(k).slice(-max) : m.list(k).slice(0, max),
        ),
      kv => kv.trim(k, max, e),
    ),
  ),
  fc.tuple(key, fc.integer({ min: -6, max: 6 }), fc.integer({ min: -6, max: 6 })).map(([k, from, to]) =>
    act(
      `range ${k} ${from} ${to}`,
      m =>
        m.list(k).filter((_, index, all) => {
          const at = (i: number) => (i < 0 ? all.length + i : i)
          return index >= at(from) && index <= at(to)
        }),
      kv => kv.range(k, from, to),
    ),
  ),
  fc.constantFrom('', 'a').map(prefix =>
    act(
      `keys ${prefix}`,
      m => ({ keys: [...m.kept.keys()].filter(k => k.startsWith(prefix)).sort() }),
      kv => kv.keys({ prefix }),
    ),
  ),
  fc.constant(
    act(
      'getMany',
      m => [...m.kept].flatMap(([k, kept]) => ('list' in kept ? [] : [[k, kept.value]])).sort(),
      async kv => [...(await kv.getMany(['a', 'b', 'ü', 'a:1']))].sort(),
    ),
  ),
)

async function outcome(run: () => unknown): Promise<unknown> {
  try {
    return await run()
  } catch (error) {
    return error instanceof KvError ? error.code : error
  }
}

async function compareWithModel(kv: KeyValueStore, sequence: readonly Act[]) {
  const model = new Model()
  for (const { name, model: expected, real } of sequence)
    expect({ name, outcome: await outcome(() => real(kv)) }).toEqual({
      name,
      outcome: await outcome(() => expected(model)),
    })
}

test.each(['memory', 'Redis', 'Postgres'] as const)(
  'random acts on %s have the outcomes of a simple map',
  async adapter => {
    const sql = postgres(database.url, { onnotice: () => {} })
    const property = fc.asyncProperty(fc.array(acts, { minLength: 5, maxLength: 25 }), async sequence => {
      const namespace = newId()
      const kv = await (adapter === 'Postgres'
        ? createKeyValue({ namespace }, { sql })
        : createKeyValue(adapter === 'Redis' ? { namespace, url: redisUrl() } : {}))
      await compareWithModel(kv, sequence).finally(() => kv.close())
    })
    await fc.assert(property, { numRuns: adapter === 'memory' ? 200 : 40 })
    await sql.end()
  },
  120_000,
)
