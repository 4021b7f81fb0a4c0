import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import { createContainer, stopOnSignal } from './index.ts'

afterEach(() => void vi.useRealTimers())

const hang = () => new Promise<never>(() => {})

test('the first signal stops and exits by the outcome, the second exits at once', async () => {
  vi.useFakeTimers()
  const exits: number[] = []
  const listeners = new Map<string, (signal: NodeJS.Signals) => void>()
  const source = {
    on: (signal: string, listener: (signal: NodeJS.Signals) => void) => listeners.set(signal, listener),
    off: (signal: string) => listeners.delete(signal),
    exit: (code: number) => exits.push(code),
  }
  const container = createContainer().add('hangs', { create: () => 1, stop: hang, stopTimeoutMs: 1000 })
  await container.start()
  const onSignal = vi.fn()
  const ignore = stopOnSignal(container, { source, onSignal })
  listeners.get('SIGTERM')!('SIGTERM')
  expect(onSignal).toHaveBeenCalledWith('SIGTERM')
  listeners.get('SIGINT')!('SIGINT')
  expect(exits).toEqual([1])
  await vi.advanceTimersByTimeAsync(1000)
  expect(exits).toEqual([1, 1])
  ignore()
  expect(listeners.size).toBe(0)
})

test('a real process stops in order on SIGTERM and exits with 0', async () => {
  const index = new URL('./index.ts', import.meta.url).href
  const program = `
    const { createContainer, stopOnSignal } = await import(${JSON.stringify(index)})
    const say = text => process.stdout.write(text + '\\n')
    const container = createContainer()
      .add('base', { create: () => setInterval(() => {}, 1000), stop: timer => { clearInterval(timer); say('base') } })
      .add('top', { needs: ['base'], create: () => 1, stop: () => say('top') })
    stopOnSignal(container)
    await container.start()
    say('ready')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program])
  let out = ''
  child.stdout.on('data', data => {
    out += data
    if (out === 'ready\n') child.kill('SIGTERM')
  })
  const [code] = await once(child, 'exit')
  expect(out).toBe('ready\ntop\nbase\n')
  expect(code).toBe(0)
})

test('it exits with 0 when all has stopped, and reports before that', async () => {
  const listeners = new Map<string, (signal: NodeJS.Signals) => void>()
  const exited = Promise.withResolvers<number>()
  const source = {
    on: (signal: string, listener: (signal: NodeJS.Signals) => void) => listeners.set(signal, listener),
    off: (signal: string) => listeners.delete(signal),
    exit: (code: number) => exited.resolve(code),
  }
  const container = createContainer().add('base', { create: () => 1 })
  await container.start()
  const onStopped = vi.fn()
  stopOnSignal(container, { source, onStopped, signals: ['SIGHUP'] })
  expect([...listeners.keys()]).toEqual(['SIGHUP'])
  listeners.get('SIGHUP')!('SIGHUP')
  expect(await exited.promise).toBe(0)
  expect(onStopped).toHaveBeenCalledWith(expect.objectContaining({ stopped: ['base'], failed: [] }))
})
