import { hostname } from 'node:os'
import type { Redis } from 'ioredis'
import { newId } from '../../../../core/ids.ts'
import {
  type CommandHandlers,
  type FleetIdentity,
  type FleetMember,
  FleetRegistrationError,
  type FleetSource,
  type FleetState,
} from '../../port.ts'
import { fleetKeys } from '../../protocol/keys.ts'
import { BEAT_EVERY, IDENTITY_EXPIRY, PROTOCOL_VERSION } from '../../protocol/limits.ts'
import type { Command, Identity, Verb } from '../../protocol/messages.ts'
import { isLasting } from '../../protocol/override.ts'
import { readVitals } from '../../vitals.ts'
import { beatSender } from './beat.ts'
import { commandListener } from './commands.ts'
import { openFleetRedis } from './connection.ts'
import { detailWriter } from './details.ts'
import { eventPublisher } from './events.ts'
import { concernsOverrides, type Holdings, noteApplied, readOverrides, reconcile } from './overrides.ts'

const TURN = 500

export interface RedisFleetOptions {
  redisUrl: string
  environment: string
  identity: FleetIdentity
  /** Without it the process reports, but obeys no command. */
  key?: string
  sources: FleetSource[]
  handlers: CommandHandlers
  /** Called once each time Redis becomes unavailable and available again. */
  onStateChange?: (state: FleetState, reason?: string) => void
}

/** A process' membership over Redis: heartbeat every 2 s, details on change, events, signed commands. */
export function redisFleetMember(options: RedisFleetOptions): FleetMember {
  const keys = fleetKeys(options.environment)
  const sources = [...options.sources]
  const handlers = options.key ? options.handlers : {}
  const startedAt = Date.now() - Math.round(process.uptime() * 1000)
  const place = options.identity.instance ?? `${hostname()}:${process.pid}`
  const who: Identity = {
    v: PROTOCOL_VERSION,
    id: newId(),
    ...options.identity,
    instance: place,
    host: hostname(),
    pid: process.pid,
    runtime: `node ${process.versions.node}`,
    startedAt,
    verbs: Object.keys(handlers) as Verb[],
  }

  const claim = `${options.environment}/${who.service}/${who.instance}`
  const redis = openFleetRedis(options.redisUrl, who.instance)
  const subscriber = openFleetRedis(options.redisUrl, `${who.instance}:commands`)
  const vitals = readVitals()
  let state: FleetState = 'connecting'
  const beats = beatSender(redis, keys, who.id)
  const { redisNow } = beats
  const details = detailWriter(redis, keys, who.id, sources)
  const events = eventPublisher(redis, keys, () => who, redisNow)
  const held: Holdings = new Map()
  const commands = commandListener({
    redis,
    keys,
    key: options.key ?? '',
    environment: options.environment,
    who: () => who,
    redisNow,
    handlers,
    async onApplied(command) {
      noteApplied(held, command)
      // What it ended may have hidden an older override, and one that is restored must not hide a newer one.
      if (concernsOverrides(command.verb)) await followOverrides(command).catch(() => {})
    },
  })

  let beatTimer: NodeJS.Timeout | undefined
  let turnTimer: NodeJS.Timeout | undefined
  let beating = false
  let announced = false
  let identityAt = 0
  let leaving = false
  let noted: string | undefined

  function become(next: FleetState, reason?: string) {
    if (state === next || state === 'left') return
    state = next
    options.onStateChange?.(next, reason)
  }

  async function writeIdentity() {
    await redis.set(keys.identity(who.id), JSON.stringify(who), 'PX', IDENTITY_EXPIRY)
    identityAt = performance.now()
  }

  function noteCommand(last: string) {
    if (!options.key || last === noted) return
    noted = last
    commands.catchUp().catch(() => {})
  }

  /** Commands from before this process are skipped; those still in force are among the overrides. */
  async function beginListening() {
    if (!options.key || commands.cursor !== '$') return
    const [last] = await redis.xrevrange(keys.commands, '+', '-', 'COUNT', 1)
    commands.begin(last?.[0] ?? '0-0')
  }

  /** After a command only where its override is kept: without that it would be ended at once. */
  async function followOverrides(after?: Command) {
    const { key, environment } = options
    if (!key) return
    const inForce = await readOverrides(redis, keys, { key, environment, redisNow: redisNow(), who })
    if (
      after &&
      isLasting(after.verb) &&
      !inForce.some(({ id }) => id === (after.args as { override: string }).override)
    )
      return
    await reconcile(inForce, held, handlers, redisNow())
  }

  /** When one has expired, an older one of wider scope may be in force again. */
  const hasRunOut = () => [...held.values()].some(({ until }) => until !== undefined && until <= redisNow())

  /** The steps before this process counts as registered; run again after every reconnect. */
  async function register() {
    await writeIdentity()
    details.forget()
    await beats.measure()
    await beginListening()
    noteCommand((await beats.send(vitals.read(), details.revisions(), events.dropped)).lastCommand)
    await redis.zremrangebyscore(keys.processes, '-inf', redisNow() - IDENTITY_EXPIRY)
    // The cursor is set before the overrides are read, so that one set in between is seen twice rather than never.
    await commands.inTurn(() => followOverrides())
    if (options.key) await commands.catchUp()
    await details.writeDue(redisNow())
    if (!announced) {
      announced = true
      events.publish('process.registered', { version: who.version, commit: who.commit, host: who.host, pid: who.pid })
    }
    become('registered')
    await beat()
    await events.drain()
  }

  async function beat() {
    if (beating || leaving || redis.status !== 'ready') return
    beating = true
    try {
      if (performance.now() - identityAt > IDENTITY_EXPIRY / 24) await writeIdentity()
      const { lastCommand, isNew } = await beats.send(vitals.read(), details.revisions(), events.dropped)
      noteCommand(lastCommand)
      if (state === 'away' || (isNew && state === 'registered')) await register()
      else if (hasRunOut()) await commands.inTurn(() => followOverrides())
    } catch (error) {
      become('away', (error as Error).message)
    } finally {
      beating = false
    }
  }

  function open(connection: Redis, onReady: () => Promise<unknown>) {
    connection.on('ready', () => onReady().catch((error: Error) => become('away', error.message)))
    connection.on('close', () => become('away', 'the connection to Redis was closed'))
    // ioredis retries a failed first attempt.
    connection.connect().catch(() => {})
  }

  return {
    id: who.id,
    get state() {
      return state
    },
    async start() {
      if (claims().has(claim))
        throw new FleetRegistrationError(`${who.service} (${who.instance}) is registered in this process already`)
      claims().add(claim)
      await new Promise<void>(resolve => {
        const settled = setTimeout(resolve, 2_000)
        open(redis, () =>
          register().finally(() => {
            clearTimeout(settled)
            resolve()
          }),
        )
        if (options.key) {
          subscriber.on('message', () => commands.catchUp().catch(() => {}))
          open(subscriber, async () => {
            await subscriber.subscribe(keys.commandsNudge)
            await commands.catchUp()
          })
        }
        beatTimer = setInterval(beat, BEAT_EVERY).unref()
        turnTimer = setInterval(() => {
          if (state === 'registered') details.writeDue(redisNow()).catch(() => {})
        }, TURN).unref()
      })
    },
    addSource: source => void sources.push(source),
    publish: (kind, data = {}) => events.publish(kind, data),
    flush: () => details.writeDue(redisNow()).catch(() => {}),
    async stop() {
      leaving = true
      clearInterval(beatTimer)
      clearInterval(turnTimer)
      const wasThere = redis.status === 'ready'
      if (wasThere) {
        events.publish('process.left', {})
        const stopped = { ...who, leftAt: redisNow() }
        await Promise.race([
          Promise.allSettled([
            events.drain(),
            redis
              .multi()
              .set(keys.identity(who.id), JSON.stringify(stopped), 'PX', IDENTITY_EXPIRY)
              .del(keys.beat(who.id))
              .exec(),
          ]),
          new Promise(resolve => setTimeout(resolve, 1_000).unref()),
        ])
      }
      become('left')
      claims().delete(claim)
      vitals.close()
      redis.disconnect()
      subscriber.disconnect()
    },
  }
}

const CLAIMS = Symbol.for('substation.fleet.members')

/** On globalThis, because bundlers may load this module more than once in a process. */
function claims(): Set<string> {
  const holder = globalThis as { [CLAIMS]?: Set<string> }
  holder[CLAIMS] ??= new Set()
  return holder[CLAIMS]
}
