import { existsSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf } from '../lib/core/errors.ts'
import { compare } from './harness/compare.ts'
import type { Bench } from './harness/definition.ts'
import { keep, render } from './harness/report.ts'

const here = import.meta.dirname

/** The folders are the list: `npm run bench -- NAME` runs `bench/NAME/bench.ts`. */
const names = () =>
  readdirSync(here, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && existsSync(join(here, entry.name, 'bench.ts')))
    .map(entry => entry.name)
    .sort()

async function load(name: string): Promise<Bench> {
  const module = (await import(pathToFileURL(join(here, name, 'bench.ts')).href)) as { default: Bench }
  return module.default
}

async function list(): Promise<void> {
  const rows = await Promise.all(names().map(async name => [name, (await load(name)).summary]))
  const width = Math.max(...rows.map(([name]) => name?.length ?? 0))
  const lines = rows.map(([name = '', summary]) => `  ${name.padEnd(width)}  ${summary}`)
  process.stdout.write(`npm run bench -- NAME runs one of\n\n${lines.join('\n')}\n`)
}

async function main(): Promise<number> {
  const name = process.argv.slice(2).find(argument => !argument.startsWith('-'))
  if (name === undefined) {
    await list()
    return 0
  }
  if (!names().includes(name)) {
    process.stderr.write(`There is no bench ${name}; there are: ${names().join(', ')}\n`)
    return 1
  }
  const began = performance.now()
  const result = await compare(name, await load(name), words =>
    process.stderr.write(`  ${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${words}\n`),
  )
  const file = keep(join(here, 'results'), result)
  process.stdout.write(`\n${render(result)}\nKept in ${relative(resolve(here, '..'), file)}\n`)
  return 0
}

process.exitCode = await main().catch(error => {
  process.stderr.write(`\n${process.env.SUBSTATION_DEBUG ? (error as Error).stack : messageOf(error)}\n`)
  return 1
})
