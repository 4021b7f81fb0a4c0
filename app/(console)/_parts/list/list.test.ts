import { describe, expect, test } from 'vitest'
import {
  askedOf,
  chosenFilters,
  clearedFilters,
  closedSheet,
  isOpened,
  type List,
  narrowed,
  stateChips,
  stateChosen,
} from './list'

const lamps: List = {
  view: 'lamps',
  search: 'Filter lamps',
  states: [
    { value: 'dark', label: 'Dark', status: 'warning' },
    { value: 'lit', label: 'Lit', offered: 'counted' },
    { value: 'no-bulb', label: 'No bulb', offered: 'linked' },
  ],
  selects: [
    { name: 'street', label: 'Street', any: 'All streets' },
    { name: 'on', asked: 'grid', label: 'Grid', any: 'All grids' },
  ],
  otherFilters: ['from'],
  arrangedBy: ['by'],
  page: 'before',
  sheet: ['lamp', 'grid'],
}

const at = (query: string) => {
  const params = new URLSearchParams(query)
  return (name: string) => params.get(name) ?? undefined
}
const offered = (query: string, counts?: Record<string, number>) =>
  stateChips(lamps, at(query), counts).chips.map(({ value }) => value)

describe('the chips of the states', () => {
  test('are those that are always a choice while nothing is known', () => {
    expect(offered('')).toStrictEqual(['all', 'dark'])
  })
  test('leave out a state with no rows, and have it once there is one', () => {
    expect(offered('', { all: 3, dark: 3, lit: 0 })).toStrictEqual(['all', 'dark'])
    expect(offered('', { all: 3, dark: 2, lit: 1 })).toStrictEqual(['all', 'dark', 'lit'])
  })
  test('have the chosen one, whether or not it has rows', () => {
    expect(offered('state=lit', { all: 3, dark: 3, lit: 0 })).toStrictEqual(['all', 'dark', 'lit'])
  })
  test('have one that only a link leads to where the address says so, however many rows it has', () => {
    expect(offered('', { all: 3, 'no-bulb': 2 })).not.toContain('no-bulb')
    expect(offered('state=no-bulb', { all: 3, 'no-bulb': 2 })).toContain('no-bulb')
  })
  test('say how many rows each has, and say nothing of what is not known', () => {
    const { chips } = stateChips(lamps, at(''), { all: 3, dark: 2 })
    expect(chips.map(({ count }) => count)).toStrictEqual([3, 2])
    expect(stateChips(lamps, at(''), undefined).chips.map(({ count }) => count)).toStrictEqual([undefined, undefined])
  })
  test('stand at all of them where the address says what no state is called', () => {
    expect(stateChips(lamps, at('state=purple'), undefined).value).toBe('all')
    expect(offered('state=purple')).toStrictEqual(['all', 'dark'])
  })
})

test('a chosen state goes into the address under its name there, and all of them take it out', () => {
  expect(stateChosen(lamps, 'dark')).toStrictEqual({ state: 'dark' })
  expect(stateChosen({ ...lamps, stateName: 'status' }, 'all')).toStrictEqual({ status: undefined })
})

test('what clears the filters is each of them and the page, and leaves order, arrangement and sheet', () => {
  expect(Object.keys(clearedFilters(lamps)).sort()).toStrictEqual(['before', 'from', 'on', 'q', 'state', 'street'])
  expect(Object.values(clearedFilters(lamps)).every(value => value === undefined)).toBe(true)
})

test('a list without a search has nothing of it to clear', () => {
  expect(clearedFilters({ view: 'lamps' })).toStrictEqual({})
})

test('only filters count as chosen', () => {
  expect(chosenFilters(lamps, at('q=oak&on=&by=street&sort=name&lamp=a'))).toStrictEqual(['q'])
})

test('the view is asked for the filters under its own names, without what is about the sheet', () => {
  const query = 'q=oak&state=dark&on=north&grid=south&lamp=a&by=street&before=9&sort=name&dir=desc&act=lamp.light'
  expect(askedOf(lamps, at(query))).toStrictEqual({
    q: 'oak',
    state: 'dark',
    grid: 'north',
    by: 'street',
    before: '9',
    sort: 'name',
    dir: 'desc',
  })
})

test('another filter begins at the first page', () => {
  expect(narrowed(lamps, { q: 'oak' })).toStrictEqual({ q: 'oak', before: undefined })
  expect(narrowed({ view: 'lamps' }, { q: 'oak' })).toStrictEqual({ q: 'oak' })
})

test('closing the sheet takes all of it out of the address', () => {
  expect(closedSheet(lamps)).toStrictEqual({ lamp: undefined, grid: undefined })
})

test('a row is open where the address says all that its own does', () => {
  expect(isOpened({ lamp: 'a', grid: 'north' }, at('lamp=a&grid=north&q=oak'))).toBe(true)
  expect(isOpened({ lamp: 'a', grid: 'north' }, at('lamp=a&grid=south'))).toBe(false)
  expect(isOpened({ lamp: 'a' }, at(''))).toBe(false)
})
