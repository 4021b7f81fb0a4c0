import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configurationReference, restReference } from './reference.ts'

test.each([
  ['configuration.md', configurationReference],
  ['rest.md', restReference],
])('docs/%s is what the code declares (node scripts/write-reference.ts writes it)', (file, write) => {
  expect(readFileSync(`docs/${file}`, 'utf8')).toBe(write())
})
