import { expect, test } from 'vitest'
import { databasePlace } from './index.ts'

test.each([
  ['postgres://ada:pw@db.internal:6432/shop?sslmode=require', 'db.internal:6432/shop'],
  ['postgresql://localhost/shop', '127.0.0.1:5432/shop'],
  ['postgres://one:5432,two:5432/shop', undefined],
])('%s is %s', (url, place) => {
  expect(databasePlace(url)).toBe(place)
})
