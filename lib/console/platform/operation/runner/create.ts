import { setTimeout as pause } from 'node:timers/promises'
import { and, eq, isNull } from 'drizzle-orm'
import { operationRun } from '../../../../../drizzle/schema/index.ts'
import { isId, newId } from '../../../../core/ids.ts'
import { forbidden } from '../../access/forbidden.ts'
import type { Actor, Permission } from '../../access/roles.ts'
import { recordAudit } from '../../audit/record.ts'
import { RefusalError } from '../../refusal.ts'
import { aboutOf } from '../define.ts'
import { checkToken, issueToken } from '../preview-token.ts'
import type { Preview, Refusal, Run } from '../wire.ts'
import { draftOf } from './draft.ts'
import { execute, settle } from './execute.ts'
import { actRefusalRecorder, admit, authorise, confirmationOf } from './gate.ts'
import { overtakerOf } from './overtaken.ts'
import type { Runner, RunnerParts } from './port.ts'
import { reap } from './reap.ts'
import { record } from './record.ts'
import type { RunRow } from './run-row.ts'
import { findRun, takeOver, toRun, withoutLedger } from './runs.ts'
import { stored } from './stored.ts'

/** How long a caller waits for an act to finish before it gets the run still under way (ms). */
const RUN_WAIT_MS = 700
/** How long closing waits for the runs under way (ms); another console takes over those that take longer. */
const CLOSING = 3_000
/** The next step where undo is not possible. */
const OPPOSITE = 'To reverse it, do the opposite as a separate act.'

/** Every act goes through here: authorise, parse, preview, record, run, write the outcome, announce. */
export function createRunner(parts: RunnerParts): Runner {
  const { store, settings, operations, access, onStep, logger } = parts
  const worker = newId()
  const underWay = new Map<string, { done: Promise<void>; aborter: AbortController }>()
  const recordRefusal = actRefusalRecorder(parts)
  const find = (id: string) => operations.find(operation => operation.id === id)

  async function refusing<T>(
    actor: Actor,
    request: { environment: string; operation: string; input?: unknown },
    act: () => Promise<T>,
    isRecorded: (refusal: Refusal) => boolean = () => true,
  ): Promise<T> {
    try {
      return await act()
    } catch (error) {
      if (error instanceof RefusalError && isRecorded(error.refusal)) await recordRefusal(actor, request, error.refusal)
      throw error
    }
  }

  /** Starts the run in this process and waits a moment for it. */
  async function begin(row: RunRow): Promise<Run> {
    await onStep?.('recorded', row.id)
    store.notify(row.environment, ['runs', 'audit']).catch(() => {})
    if (!row.durable) await Promise.race([start(row, 'run'), pause(RUN_WAIT_MS, undefined, { ref: false })])
    // The act may be done already, so a Postgres that does not answer now must not make it look as if it were not.
    const latest = (await findRun(store.db, row.id).catch(() => undefined)) ?? row
    return toRun(store.db, latest, find).catch(() => withoutLedger(latest, find))
  }

  function start(row: RunRow, way: 'run' | 'recover'): Promise<void> {
    const aborter = new AbortController()
    const done = execute(parts, row, way, aborter)
      .catch(error =>
        logger.error('a run could not be closed; another worker closes it once it has been silent', {
          error,
          run: row.id,
        }),
      )
      .finally(() => underWay.delete(row.id))
    underWay.set(row.id, { done, aborter })
    return done
  }

  function demand(actor: Actor, permission: Permission, what: string) {
    if (!access.isAllowed(actor.role, permission)) throw forbidden(what, access.roleFor(permission), actor)
  }

  async function visibleRun(actor: Actor, environment: string, runId: string): Promise<RunRow> {
    demand(actor, 'run:read', 'Viewing runs')
    const row = isId(runId) ? await stored(findRun(store.db, runId)) : undefined
    if (!row || row.environment !== environment)
      throw new RefusalError({
        code: 'not_found',
        message: 'There is no such run in this environment.',
        nextStep: 'Find it on the audit page.',
      })
    return row
  }

  return {
    preview: (actor, request) =>
      refusing(
        actor,
        request,
        async (): Promise<Preview> => {
          const admitted = admit(parts, actor, request, 'preview')
          const { operation, environment, input } = admitted
          const draft = await draftOf(parts, admitted)
          const { fingerprint: _fingerprint, ...shown } = draft
          const { token, expiresAt } = issueToken(
            settings.secret,
            { operation: operation.id, input, actor: actor.id, environment: environment.name },
            draft,
          )
          return {
            ...shown,
            token,
            expiresAt,
            warnings: draft.warnings ?? [],
            dependents: draft.dependents ?? [],
            confirmation: confirmationOf(operation, environment, input),
            target: operation.target(input),
            reasonRequired: operation.reason === 'required',
          }
        },
        // Fields are previewed while they are typed: an incomplete pattern is not a refused act.
        ({ code }) => code === 'forbidden',
      ),

    run: (actor, request) =>
      refusing(actor, request, async () => {
        const admitted = admit(parts, actor, request)
        await onStep?.('parsed', undefined)
        const { operation, environment, input } = admitted
        const confirmation = confirmationOf(operation, environment, input)
        let confirmed: string | undefined
        if (confirmation !== 'none') {
          if (!request.token)
            throw new RefusalError({
              code: 'preview_required',
              message: 'This act needs a preview first.',
              nextStep: 'Request the preview and send its token.',
              fields: { token: 'is missing' },
            })
          const draft = await draftOf(parts, admitted)
          checkToken(
            settings.secret,
            request.token,
            { operation: operation.id, input, actor: actor.id, environment: environment.name },
            draft,
          )
          confirmed = draft.fingerprint
        }
        const { name } = operation.target(input)
        if (confirmation === 'typed' && request.typedName !== name) {
          throw new RefusalError({
            code: 'confirmation',
            message: `To do this, type the name of its target: ${name}.`,
            fields: { typedName: `must be ${name}` },
          })
        }
        await onStep?.('previewed', undefined)
        return begin(await record(parts, worker, actor, admitted, { confirmed }))
      }),

    async find(actor, environment, runId) {
      return stored(toRun(store.db, await visibleRun(actor, environment, runId), find))
    },

    abort: (actor, environment, runId) =>
      refusing(actor, { environment, operation: 'run.abort', input: { run: runId } }, async () => {
        const row = await visibleRun(actor, environment, runId)
        demand(actor, 'run:abort', 'Aborting a run')
        if (row.finishedAt)
          throw new RefusalError({
            code: 'conflict',
            message: 'This run is already over; there is nothing left to abort.',
          })
        await stored(
          store.db.transaction(async tx => {
            await tx
              .update(operationRun)
              .set({ abortRequestedBy: actor.name })
              .where(and(eq(operationRun.id, runId), isNull(operationRun.finishedAt)))
            await recordAudit(tx, {
              run: runId,
              seq: 1,
              kind: 'item',
              environment,
              operation: 'run.abort',
              target: { kind: 'run', name: runId },
              actor,
              input: { run: runId },
              outcome: 'requested',
              message: 'Abort requested.',
            })
          }),
        )
        underWay.get(runId)?.aborter.abort(new Error(`aborted by ${actor.name}`))
        if (row.status === 'queued')
          await stored(settle(parts, row, { status: 'aborted', summary: 'Aborted before it began. Nothing was done.' }))
        await store.notify(environment, parts.topicsOf(row.operation)).catch(() => {})
        return stored(findRun(store.db, runId).then(latest => toRun(store.db, latest ?? row, find)))
      }),

    undo: (actor, environment, runId) =>
      refusing(actor, { environment, operation: 'run.undo', input: { run: runId } }, async () => {
        const row = await visibleRun(actor, environment, runId)
        const operation = find(row.operation)
        const known = parts.environment(environment)
        if (!operation?.undo || !known)
          throw new RefusalError({ code: 'conflict', message: 'This act cannot be undone.', nextStep: OPPOSITE })
        authorise(access, actor, operation)
        if (!row.undoUntil || row.undoneBy)
          throw new RefusalError({
            code: 'conflict',
            message: row.undoneBy ? 'This act has already been undone.' : 'Nothing of this act can be undone.',
          })
        if (row.undoUntil.getTime() <= Date.now())
          throw new RefusalError({
            code: 'conflict',
            message: 'The time to undo this act is over.',
            nextStep: OPPOSITE,
          })
        const overtaker = await stored(overtakerOf(store.db, row, operation))
        if (overtaker)
          throw new RefusalError({
            code: 'conflict',
            message: `“${find(overtaker.operation)?.title ?? overtaker.operation}” by ${overtaker.actorName} came later, so nothing of this act is left to undo.`,
          })
        const about = aboutOf(operation, row.input)
        const reason = `Undo of ${operation.title} (${row.targetName}${about ? `: ${about}` : ''}), run ${runId}`
        // Sensitive fields were removed from the input; an undo works from the state that its act left.
        return begin(
          await record(
            parts,
            worker,
            actor,
            { operation, environment: known, input: row.input, redacted: row.input, reason },
            { undoOf: runId },
          ),
        )
      }),

    async execute(runId) {
      const row = await findRun(store.db, runId)
      if (!row || row.finishedAt || row.status !== 'queued') return
      const taken = await takeOver(store.db, row, worker)
      if (taken) await start(taken, 'run')
    },

    reap: () => reap({ ...parts, worker, underWay, find, start }),

    async close() {
      await Promise.race([
        Promise.allSettled([...underWay.values()].map(run => run.done)),
        pause(CLOSING, undefined, { ref: false }),
      ])
    },
  }
}
