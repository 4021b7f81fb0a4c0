import { expect, test } from 'vitest'
import { pressOf } from './row-press'

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
})
const rows = { at: 1, count: 3, marks: true }

test('j and k move from row to row, and stay within the list', () => {
  expect(pressOf(press('j'), rows)).toEqual({ does: 'move', index: 2 })
  expect(pressOf(press('k'), rows)).toEqual({ does: 'move', index: 0 })
  expect(pressOf(press('j'), { ...rows, at: 2 })).toEqual({ does: 'move', index: 2 })
  expect(pressOf(press('k'), { ...rows, at: 0 })).toEqual({ does: 'move', index: 0 })
})

test('without a row that has the focus, either begins at the first; a list that became shorter is not left', () => {
  expect(pressOf(press('j'), { ...rows, at: undefined })).toEqual({ does: 'move', index: 0 })
  expect(pressOf(press('k'), { ...rows, at: undefined })).toEqual({ does: 'move', index: 0 })
  expect(pressOf(press('j'), { ...rows, at: 9 })).toEqual({ does: 'move', index: 2 })
  expect(pressOf(press('j'), { at: undefined, count: 0, marks: true })).toBeUndefined()
})

test('x marks the row that has the focus, where rows can be marked', () => {
  expect(pressOf(press('x'), rows)).toEqual({ does: 'mark', index: 1 })
  expect(pressOf(press('x'), { ...rows, at: undefined })).toBeUndefined()
  expect(pressOf(press('x'), { ...rows, marks: false })).toBeUndefined()
})

test('other keys, and keys with a modifier, are not of the list', () => {
  for (const key of ['J', 'a', 'Enter', 'ArrowDown']) expect(pressOf(press(key), rows)).toBeUndefined()
  expect(pressOf(press('j', { ctrlKey: true }), rows)).toBeUndefined()
  expect(pressOf(press('k', { metaKey: true }), rows)).toBeUndefined()
  expect(pressOf(press('x', { altKey: true }), rows)).toBeUndefined()
})
