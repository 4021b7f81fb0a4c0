import { setTimeout as pause } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { parseJson } from '../../core/json.ts'
import {
  Answer,
  type CommandArguments,
  fleetKeys,
  limits,
  Override,
  type Scope,
  seal,
  unseal,
  type Verb,
} from '../../infrastructure/fleet/index.ts'
import { UnconfirmedError } from '../platform/operation/unconfirmed.ts'
import { redisTime, whenReady } from '../servers/view-redis.ts'

const Expected = z.array(z.string())

/** How long answers are waited for, and how long a command may be obeyed (ms). */
const ANSWER_WAIT_MS = 6_000
const VALID_FOR = 10_000

export type ProcessAnswer = {
  process: string
  status: Answer['status'] | 'silent'
  reason?: string
  /** Of a command that asks. */
  reply?: unknown
}

export interface Issue<V extends Verb> {
  /** Also the key of the answers, so that an interrupted run can be settled from them. */
  id: string
  verb: V
  scope: Scope
  args: CommandArguments[V]
  issuedBy: string
  /** Frozen by the caller before the command goes out. */
  expected: readonly string[]
  /** Changes to the overrides that must happen together with the command, or not at all. */
  overrides?: { set?: Override[]; remove?: string[] }
  signal?: AbortSignal
  /** How long answers are waited for (ms). */
  waitMs?: number
  onAnswer?(answer: ProcessAnswer): void | Promise<void>
}

export interface Commander {
  /** Redis' own time in ms. */
  now(): Promise<number>
  /** Issues a signed command and collects the answer of each expected process; those without one are `silent`. */
  issue<V extends Verb>(issue: Issue<V>): Promise<ProcessAnswer[]>
  /** Collects the answers of a command issued earlier, for example by a console that stopped. */
  collectAnswers(
    id: string,
    expected: readonly string[],
    options?: Pick<Issue<Verb>, 'signal' | 'onAnswer' | 'waitMs'>,
  ): Promise<ProcessAnswer[]>
  /** The processes that were to answer when it was issued; undefined when it never reached Redis. */
  issuedTo(id: string): Promise<string[] | undefined>
  /** Overrides in force with a valid signature; expired ones are removed. */
  overrides(): Promise<Override[]>
}

/** A ledger that cannot be written must not make a successful act look like a failed one. */
async function notify(onAnswer: Issue<Verb>['onAnswer'], answer: ProcessAnswer): Promise<void> {
  try {
    await onAnswer?.(answer)
  } catch {
    // The answers themselves are in Redis and in the outcome.
  }
}

/** Issues signed commands over this connection and collects the answers of the processes. */
export function commander(redis: Redis, environment: string, key: string): Commander {
  const keys = fleetKeys(environment)
  const now = async () => {
    await whenReady(redis)
    return redisTime(redis)
  }

  async function collectAnswers(
    id: string,
    expected: readonly string[],
    { signal, onAnswer, waitMs = ANSWER_WAIT_MS }: Pick<Issue<Verb>, 'signal' | 'onAnswer' | 'waitMs'> = {},
  ): Promise<ProcessAnswer[]> {
    const answers = new Map<string, ProcessAnswer>()
    const waiting = new Set(expected)
    const deadline = performance.now() + waitMs
    let known = 0
    while (waiting.size > 0 && performance.now() < deadline && !signal?.aborted) {
      const count = await redis.hlen(keys.answers(id))
      if (count > known) {
        known = count
        for (const [process, text] of Object.entries(await redis.hgetall(keys.answers(id)))) {
          const parsed = Answer.safeParse(parseJson(text))
          if (!parsed.success || !waiting.delete(process)) continue
          const { status, reason, reply } = parsed.data
          const answer = { process, status, reason, ...(reply === undefined ? {} : { reply }) }
          answers.set(process, answer)
          await notify(onAnswer, answer)
        }
      }
      if (waiting.size > 0) await pause(50)
    }
    for (const process of waiting) {
      const answer: ProcessAnswer = { process, status: 'silent', reason: 'no answer' }
      answers.set(process, answer)
      await notify(onAnswer, answer)
    }
    return [...answers.values()]
  }

  return {
    now,
    collectAnswers,
    async issue(issue) {
      const { id, verb, scope, args, issuedBy, expected, overrides } = issue
      const notAfter = (await now()) + VALID_FOR
      const text = JSON.stringify({
        v: limits.PROTOCOL_VERSION,
        id,
        env: environment,
        verb,
        scope,
        args,
        issuedBy,
        notAfter,
      })
      const transaction = redis.multi()
      for (const override of overrides?.set ?? [])
        transaction.hset(keys.overrides, override.id, seal(key, JSON.stringify(override)))
      if (overrides?.remove?.length) transaction.hdel(keys.overrides, ...overrides.remove)
      // Shows later whether the effect may have begun, and who was to answer, even once the stream is trimmed.
      transaction.hset(keys.answers(id), '', JSON.stringify(expected)).pexpire(keys.answers(id), limits.ANSWERS_EXPIRY)
      transaction.xadd(keys.commands, 'MAXLEN', '~', limits.COMMANDS_KEPT, '*', 'c', seal(key, text))
      transaction.set(keys.lastCommand, id).publish(keys.commandsNudge, id)
      let results: [Error | null, unknown][] | null
      try {
        results = await transaction.exec()
      } catch (cause) {
        // It was sent; a Redis that hung may still execute it when it recovers.
        throw new UnconfirmedError('Redis did not confirm the command', { cause, retryable: true })
      }
      const failed = results?.find(([error]) => error)
      if (!results || failed) throw failed?.[0] ?? new Error('Redis did not accept the command')
      try {
        return await collectAnswers(id, expected, issue)
      } catch (cause) {
        throw new UnconfirmedError(
          'The command was sent, but the answers of the processes could not be read from Redis',
          {
            cause,
          },
        )
      }
    },
    async issuedTo(id) {
      await whenReady(redis)
      const expected = Expected.safeParse(parseJson(await redis.hget(keys.answers(id), '')))
      return expected.success ? expected.data : undefined
    },
    async overrides() {
      await whenReady(redis)
      const [sealed, at] = await Promise.all([redis.hgetall(keys.overrides), now()])
      const inForce: Override[] = []
      const over: string[] = []
      for (const [id, value] of Object.entries(sealed)) {
        const text = unseal(key, value)
        const parsed = text === undefined ? undefined : Override.safeParse(parseJson(text))
        if (!parsed?.success || parsed.data.env !== environment) continue
        if (parsed.data.expiresAt !== undefined && parsed.data.expiresAt <= at) over.push(id)
        else inForce.push(parsed.data)
      }
      if (over.length > 0) await redis.hdel(keys.overrides, ...over)
      return inForce.sort((a, b) => b.setAt - a.setAt)
    },
  }
}
