import type { Permission } from '../access/roles.ts'
import type { AttentionOptions, AttentionReport } from '../attention/item.ts'
import type { ConsoleEnvironment } from '../environment/port.ts'
import type { Resource } from '../environment/resource.ts'
import type { Topic } from '../live/hub.ts'
import type { AnyOperation } from '../operation/define.ts'
import type { Role } from '../operation/wire.ts'
import type { SampleSource } from '../samples.ts'
import type { AnyView, ReadContext } from '../view/define.ts'
import type { NameGroup } from './names.ts'

/** A page in the navigation, at `/ENVIRONMENT/ID`. */
export interface AreaPage {
  /** Pages of a group stand together, in the order of the areas. */
  group: 'observe' | 'operate' | 'activity'
  /** A name that `app/(console)/_frame/icons.tsx` knows; any other is drawn as a plain square. */
  icon: string
  /** The letter after `g`. */
  shortcut: string
  /** Has its own place in the tab bar of a phone. */
  onPhone?: boolean
  /** What the badge counts: `lost or late`. No badge if left out. */
  counts?: string
}

/**
 * One subject of the console: a folder under `areas/` and a line in `areas/index.ts`. Everything that lists areas is made from
 * that list: registries, roles, stream rights, overview, badges, palette, REST, OpenAPI.
 */
export interface Area {
  readonly id: string
  readonly title: string
  readonly page?: AreaPage
  /** The least role that has each. */
  readonly permissions?: Readonly<Record<Permission, Role>>
  /** What a browser may hear of, with the permission needed: even that something changed is worth protecting. */
  readonly topics?: Readonly<Record<Topic, Permission>>
  /** Opened for each environment, started and closed with it; views and operations get them by `environment.of(…)`. */
  readonly resources?: readonly Resource<unknown>[]
  readonly views?: readonly AnyView[]
  readonly operations?: readonly AnyOperation[]
  /** What needs attention: items of the overview and, added up, the badge of the page. */
  attention?(context: ReadContext, options: AttentionOptions): Promise<AttentionReport>
  /** Asked every ten seconds, whether anyone is looking or not. */
  samples?(environment: ConsoleEnvironment): readonly SampleSource[]
  /** What the palette finds by name. */
  names?(context: ReadContext, query: string): Promise<NameGroup[]>
  /** How many things are under way, for a quiet badge; null: not known. */
  underWay?(context: ReadContext): Promise<number | null>
}

export function defineArea(area: Area): Area {
  return area
}
