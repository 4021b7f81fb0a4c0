import { type Access, accessOf, type Permission } from '../access/roles.ts'
import type { AnyOperation } from '../operation/define.ts'
import type { Role } from '../operation/wire.ts'
import type { AnyView } from '../view/define.ts'
import type { Area } from './define.ts'

/** What a list of areas adds up to. */
export interface Registry {
  readonly areas: readonly Area[]
  readonly views: readonly AnyView[]
  readonly operations: readonly AnyOperation[]
  readonly access: Access
  /** The permission needed to hear of each topic. */
  readonly topics: Readonly<Record<string, Permission>>
  /** The topics of a view; for one that shows what areas report about themselves, their topics too. */
  topicsFor(view: AnyView): readonly string[]
  /** What has changed once an operation with this id is over: runs, the audit, and the topics of its area. */
  topicsOf(operation: string): readonly string[]
}

const RUN_TOPICS = ['runs', 'audit']

/** Combines areas. Throws at the start if two of them declare the same id, permission or topic. */
export function registryOf(areas: readonly Area[], extra: readonly AnyOperation[] = []): Registry {
  const views = areas.flatMap(area => area.views ?? [])
  const operations = [...areas.flatMap(area => area.operations ?? []), ...extra]
  unique('area', areas)
  unique('view', views)
  unique('operation', operations)
  const permissions = merged<Role>('permission', areas, area => area.permissions)
  const topics = merged<Permission>('topic', areas, area => area.topics)
  const judged = areas.filter(area => area.attention || area.underWay).flatMap(area => Object.keys(area.topics ?? {}))
  const changes = new Map(
    areas.flatMap(area =>
      (area.operations ?? []).map(({ id }) => [id, [...RUN_TOPICS, ...Object.keys(area.topics ?? {})]] as const),
    ),
  )
  return {
    areas,
    views,
    operations,
    access: accessOf(permissions),
    topics,
    topicsFor: view => (view.judges ? [...new Set([...view.topics, ...judged])] : view.topics),
    topicsOf: operation => changes.get(operation) ?? RUN_TOPICS,
  }
}

function unique(what: string, list: readonly { id: string }[]) {
  const seen = new Set<string>()
  for (const { id } of list) {
    if (seen.has(id)) throw new Error(`two areas declare the ${what} ${id}`)
    seen.add(id)
  }
}

function merged<T>(
  what: string,
  areas: readonly Area[],
  pick: (area: Area) => Readonly<Record<string, T>> | undefined,
): Record<string, T> {
  const all: Record<string, T> = {}
  for (const area of areas)
    for (const [name, value] of Object.entries(pick(area) ?? {})) {
      if (name in all) throw new Error(`two areas declare the ${what} ${name}`)
      all[name] = value
    }
  return all
}
