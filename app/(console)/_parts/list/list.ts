import type { FilterChip } from '@/app/(console)/_parts/filters/filter-chips'
import type { Patch } from '@/app/(console)/_parts/filters/url-filters'
import type { Status } from '@/components/status/status-mark'
import type { SelectOption } from '@/components/ui/select'

/** A list of the console: the view it shows, what narrows it, and what of the address is about the sheet beside it. */
export interface List {
  /** Id of the view. */
  view: string
  /** Label of the search field, which is `q` in the address. */
  search?: string
  /** Chips, after the one for all rows. */
  states?: readonly FilterState[]
  /** What the states are called in the address and in the view; `state` otherwise. */
  stateName?: string
  selects?: readonly FilterOf[]
  /** Names of filters that have a control of the page's own. */
  otherFilters?: readonly string[]
  /** Names that the view is asked for besides and that hide no row: what a row is, for instance. */
  arrangedBy?: readonly string[]
  /** The name that says where in the list its page begins. It counts for these filters only. */
  page?: string
  /** Names that are about the open sheet: they go when it closes, and when another row is opened. */
  sheet?: readonly string[]
}

export interface FilterState {
  value: string
  label: string
  status?: Status
  /** When it is a choice: always, only with rows in it, or only where a link leads to it. The chosen one always is. */
  offered?: 'always' | 'counted' | 'linked'
}

/** A filter with a list of values. It is no choice while there is only one. */
export interface FilterOf {
  /** In the address. */
  name: string
  /** In the view, where it has another name there. */
  asked?: string
  label: string
  /** "All services": the option that filters nothing. */
  any: string
  /** Left out where they come with the data. */
  options?: readonly SelectOption[]
}

export type Counts = Readonly<Record<string, number>>
type Get = (name: string) => string | undefined

const ALL = 'all'
const stateNameOf = ({ stateName = 'state' }: List) => stateName

/** Names in the address that hide rows. */
function filtersOf(list: List): string[] {
  return [
    ...(list.search === undefined ? [] : ['q']),
    ...(list.states === undefined ? [] : [stateNameOf(list)]),
    ...(list.selects ?? []).map(({ name }) => name),
    ...(list.otherFilters ?? []),
  ]
}

/** Those of them that the address sets. */
export function chosenFilters(list: List, get: Get): string[] {
  return filtersOf(list).filter(name => get(name))
}

/** "Clear the filters": the whole list, from its beginning. */
export function clearedFilters(list: List): Patch {
  return without([...filtersOf(list), ...pageOf(list)])
}

/** Changed filters make another list, which is shown from its beginning. */
export function narrowed(list: List, patch: Patch): Patch {
  return { ...patch, ...without(pageOf(list)) }
}

/** What the view is asked for. */
export function askedOf(list: List, get: Get): Record<string, string> {
  const names = [...filtersOf(list), ...(list.arrangedBy ?? []), ...pageOf(list), 'sort', 'dir']
  const askedAs = (name: string) => list.selects?.find(select => select.name === name)?.asked ?? name
  return Object.fromEntries(
    names.flatMap(name => {
      const value = get(name)
      return value ? [[askedAs(name), value]] : []
    }),
  )
}

/** The chips of the states and the chosen one. What the address says and no state is called counts as nothing said. */
export function stateChips(
  list: List,
  get: Get,
  counts: Counts | undefined,
): { value: string; chips: FilterChip<string>[] } {
  const states = list.states ?? []
  const asked = get(stateNameOf(list))
  const value = states.find(state => state.value === asked)?.value ?? ALL
  const isOffered = ({ value, offered = 'always' }: FilterState) =>
    offered === 'always' || (offered === 'counted' && (counts?.[value] ?? 0) > 0)
  return {
    value,
    chips: [
      { value: ALL, label: 'All', count: counts?.[ALL] },
      ...states
        .filter(state => state.value === value || isOffered(state))
        .map(({ value, label, status }) => ({ value, label, status, count: counts?.[value] })),
    ],
  }
}

/** Another state, or all of them. */
export function stateChosen(list: List, value: string): Patch {
  return { [stateNameOf(list)]: value === ALL ? undefined : value }
}

/** The address without its sheet. An act in it stays, for the row that is chosen next. */
export function closedSheet(list: List): Patch {
  return without(list.sheet ?? [])
}

/** Whether the address says all that a row's does: then its details are open. */
export function isOpened(row: Patch, get: Get): boolean {
  return Object.entries(row).every(([name, value]) => get(name) === value)
}

const pageOf = ({ page }: List) => (page === undefined ? [] : [page])
const without = (names: readonly string[]): Patch => Object.fromEntries(names.map(name => [name, undefined]))
