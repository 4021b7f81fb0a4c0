import type { Redis } from 'ioredis'
import { messageOf } from '../../../../core/errors.ts'
import { parseJson } from '../../../../core/json.ts'
import type { CommandHandlers } from '../../port.ts'
import type { FleetKeys } from '../../protocol/keys.ts'
import { ANSWERS_EXPIRY, PROTOCOL_VERSION } from '../../protocol/limits.ts'
import {
  type Answer,
  COMMANDS,
  Command,
  type Identity,
  inScope,
  isAsking,
  isUnderstood,
  REPLIES,
  type Verb,
} from '../../protocol/messages.ts'
import { unseal } from '../../protocol/signature.ts'

export interface CommandListener {
  /** Only commands after this stream id are read. */
  begin(lastId: string): void
  /** Reads on from the cursor; commands run one after another, in their order. Those that only ask are begun in it, and answer when they can. */
  catchUp(): Promise<void>
  /** Runs when the commands before it have been carried out, and before any later one. */
  inTurn(act: () => Promise<void>): Promise<void>
  readonly cursor: string
}

interface Options {
  redis: Redis
  keys: FleetKeys
  key: string
  environment: string
  who(): Identity
  redisNow(): number
  handlers: CommandHandlers
  /** Called with each applied command, so that overrides are kept in one place. */
  onApplied(command: Command): Promise<void>
}

/** Carries out signed commands from the stream, each once, and answers each. A command not signed with our key is ignored. */
export function commandListener(options: Options): CommandListener {
  const { redis, keys, key, environment, who, redisNow, handlers } = options
  let cursor = '$'
  let running: Promise<void> | undefined
  const seen = new Set<string>()

  async function obey(text: string) {
    const parsed = Command.safeParse(parseJson(text))
    if (!parsed.success || parsed.data.env !== environment) return
    const command = parsed.data
    if (!inScope(command.scope, who()) || seen.has(command.id)) return
    remember(command.id)
    const done = carryOut(command)
    // A question may take long, and an act that was issued after it must not come too late for that.
    if (isAsking(command.verb)) done.catch(() => undefined)
    else await done
  }

  async function carryOut(command: Command) {
    const answer = await decide(command)
    if (answer.status === 'applied') await options.onApplied(command)
    await redis
      .multi()
      .hset(keys.answers(command.id), who().id, JSON.stringify(answer))
      .pexpire(keys.answers(command.id), ANSWERS_EXPIRY)
      .publish(keys.answersNudge, command.id)
      .exec()
  }

  async function decide(command: Command): Promise<Answer> {
    const answer = (status: Answer['status'], reason?: string, reply?: unknown): Answer => ({
      v: PROTOCOL_VERSION,
      process: who().id,
      status,
      reason: reason?.slice(0, 300),
      at: redisNow(),
      ...(reply === undefined ? {} : { reply }),
    })
    if (!isUnderstood(command.v)) return answer('unsupported', `protocol ${command.v} is newer than this process`)
    const verb = command.verb as Verb
    const shape = COMMANDS[verb]
    const handler = handlers[verb]
    if (!shape || !handler) return answer('unsupported', `this process does not do ${command.verb}`)
    if (redisNow() > command.notAfter) return answer('refused', 'the command came too late')
    const args = shape.safeParse(command.args)
    if (!args.success) return answer('refused', `arguments not understood: ${args.error.issues[0]?.message}`)
    try {
      const { expiresAt } = args.data as { expiresAt?: number }
      const remainingMs = expiresAt === undefined ? undefined : expiresAt - redisNow()
      // One handler per verb, so arguments and handler always match, which the type of the table cannot express.
      const reply = await (handler as (args: unknown, context: { issuedBy: string; remainingMs?: number }) => unknown)(
        args.data,
        { issuedBy: command.issuedBy, remainingMs },
      )
      return answer('applied', undefined, isAsking(verb) ? REPLIES[verb].parse(reply) : undefined)
    } catch (error) {
      return answer('refused', messageOf(error))
    }
  }

  function remember(id: string) {
    seen.add(id)
    if (seen.size > 2_000) for (const old of [...seen].slice(0, 1_000)) seen.delete(old)
  }

  async function read() {
    for (;;) {
      const entries = await redis.xrange(keys.commands, `(${cursor}`, '+', 'COUNT', 100)
      if (entries.length === 0) return
      for (const [id, fields] of entries) {
        const text = fields[0] === 'c' && fields[1] !== undefined ? unseal(key, fields[1]) : undefined
        if (text !== undefined) await obey(text)
        cursor = id
      }
    }
  }

  function inTurn(act: () => Promise<void>): Promise<void> {
    running = (running ?? Promise.resolve()).catch(() => {}).then(act)
    return running
  }

  return {
    get cursor() {
      return cursor
    },
    begin(lastId) {
      if (cursor === '$') cursor = lastId
    },
    inTurn,
    /** A nudge that arrives during a reading causes another reading after it. */
    catchUp: () => inTurn(async () => (cursor === '$' ? undefined : read())),
  }
}
