import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { configurationReference, restReference } from './reference/reference.ts'

/** Writes the reference parts of docs/ from what the code declares. A test fails when they are out of date. */
const docs = resolve(import.meta.dirname, '..', 'docs')
writeFileSync(join(docs, 'configuration.md'), configurationReference())
writeFileSync(join(docs, 'rest.md'), restReference())
