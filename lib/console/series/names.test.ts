import { expect, test } from 'vitest'
import { familyOf, labelsOf, seriesName } from './names.ts'

test.each<Record<string, string>>([
  {},
  { route: 'GET /products/:id', status: '200' },
  { text: 'a "quoted", {braced}=\\ and\na line', other: '' },
])('a name contains the labels it was made of: %o', labels => {
  const name = seriesName('http_requests_total', labels)
  expect(familyOf(name)).toBe('http_requests_total')
  expect(labelsOf(name)).toEqual(labels)
})
