import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { measure } from '../harness/program.ts'
import { type Cpu, cpuOfTree } from './cpu.ts'

const root = resolve(import.meta.dirname, '..', '..')
/** Ports of its own, above the default ones. */
const PORT = 4_900
/** Long enough for the fleet to have settled after a start, and for ticks of 10 ms to add up (ms). */
const SETTLE = 20_000
const IDLE = 60_000

measure<{ clone: string }>(async ({ clone }) => {
  const first = await start(clone)
  await stop(first.child, clone)
  const second = await start(clone)
  await after(SETTLE)
  const before = cpuOfTree(second.child.pid as number)
  await after(IDLE)
  const idle = perSecond(before, cpuOfTree(second.child.pid as number))
  await stop(second.child, clone)
  return {
    value: first.seconds,
    extra: {
      install: first.steps.install ?? 0,
      build: first.steps.build ?? 0,
      secondStart: second.seconds,
      idleConsole: idle.console,
      idleDemo: idle.demo,
      idleServers: idle.servers,
    },
  }
})

interface Started {
  child: ChildProcess
  seconds: number
  steps: Record<string, number>
}

/** `npm start` as after a fresh clone: the machine's own Node, and none of our variables. */
function start(clone: string): Promise<Started> {
  const began = performance.now()
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(SUBSTATION_|npm_|DATABASE_URL$|REDIS_URL$|PORT$|NODE_ENV$)/.test(name),
    ),
  )
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...env, PATH: pathOfMachine(), SUBSTATION_PORT: String(PORT) } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise((ready, failed) => {
    let said = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (!said.includes('Ctrl-C stops everything')) return
      const steps = { install: secondsOf(said, /Packages installed/), build: secondsOf(said, /Console built/) }
      ready({ child, seconds: (performance.now() - began) / 1000, steps })
    })
    child.once('exit', code => failed(new Error(`npm start ended with ${code}:\n${said}`)))
  })
}

function secondsOf(said: string, step: RegExp): number {
  const line = said.split('\n').find(candidate => step.test(candidate))
  return Number(/\(([\d.]+) s\)/.exec(line ?? '')?.[1] ?? 0)
}

function pathOfMachine(): string {
  return (process.env.PATH ?? '')
    .split(':')
    .filter(folder => !folder.startsWith(root))
    .join(':')
}

/** npm may end before what it started; the lock is removed last. */
async function stop(child: ChildProcess, clone: string): Promise<void> {
  child.kill('SIGTERM')
  while (existsSync(join(clone, '.substation', 'lock'))) await after(50)
}

function perSecond(before: Cpu, now: Cpu) {
  const seconds = (now.at - before.at) / 1000
  return {
    console: (now.console - before.console) / seconds,
    demo: (now.demo - before.demo) / seconds,
    servers: (now.servers - before.servers) / seconds,
  }
}
