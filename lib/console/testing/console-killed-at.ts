/** A console that kills itself at one step of the runner, for the tests of takeovers. Run with the step as its argument. */
import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { fleetKeys } from '../../infrastructure/fleet/index.ts'
import { Fleet } from '../fleet/resources.ts'
import type { Role } from '../platform/operation/wire.ts'
import { actorOf, openTestConsole } from './open-test-console.ts'

const { step, settings, request, role, typedName } = JSON.parse(readFileSync(0, 'utf8')) as {
  step: string
  settings: Parameters<typeof openTestConsole>[0]
  request: { environment: string; operation: string; input: unknown }
  role?: Role
  /** For an act that asks for the name of its target. */
  typedName?: string
}
const actor = actorOf(role ?? 'operator')
const console = await openTestConsole(settings, {
  onStep(reached) {
    if (reached === step) process.kill(process.pid, 'SIGKILL')
  },
})
if (step === 'sent') {
  // The command has been sent to the processes, and none of their answers has been read.
  const listener = new Redis(settings.redisUrl)
  await listener.subscribe(fleetKeys(request.environment).commandsNudge)
  listener.on('message', () => process.kill(process.pid, 'SIGKILL'))
}
if (step === 'third removal') {
  // Of a cache of this name, which tells its processes of each.
  const { cache } = request.input as { cache: string }
  const listener = new Redis(settings.redisUrl)
  await listener.subscribe(`{${cache}}:bus`)
  let heard = 0
  listener.on('message', () => ++heard === 4 && process.kill(process.pid, 'SIGKILL'))
}
// A busy machine may be slower to connect than an act waits.
const fleet = console.environment(request.environment)?.of(Fleet)
while ((await fleet?.read())?.status !== 'up') await new Promise(resolve => setTimeout(resolve, 20))
const { token } = await console.runner.preview(actor, request)
await console.runner.run(actor, { ...request, token, typedName })
// Long enough for every step of a short act; the parent ends it if it does not kill itself.
setTimeout(() => process.exit(0), 10_000)
