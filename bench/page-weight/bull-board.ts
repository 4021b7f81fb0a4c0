import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { measure } from '../harness/program.ts'

/** The scripts in Bull Board's index, from its package. */
measure(async () => {
  const dist = join(dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json')), 'dist')
  const index = readFileSync(join(dist, 'index.ejs'), 'utf8')
  const scripts = [...index.matchAll(/<script[^>]*\ssrc="([^"]+\.js)"/g)].map(([, path]) => path as string)
  const bytes = scripts.map(path => gzipSync(readFileSync(join(dist, path))).length)
  return { value: bytes.reduce((total, size) => total + size, 0) / 1_000, extra: { scripts: scripts.length } }
})
