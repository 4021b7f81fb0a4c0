import { z } from 'zod'
import { failureOf, type KeptDeadLetter } from '../../../infrastructure/queue/index.ts'
import { forbidden } from '../../platform/access/forbidden.ts'
import type { Access, Actor } from '../../platform/access/roles.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { invalidExport } from '../../platform/invalid-export.ts'
import { problemsOf } from '../../platform/operation/input.ts'
import { redacted, redactedLine } from '../../platform/redact.ts'
import { reading } from '../queues/index.ts'
import { type Selected, Selection, select } from './acts/selection.ts'
import { walkSelected } from './acts/walk-selected.ts'
import { lastStack } from './last-stack.ts'

/** The largest field of a job that is in a file. */
const FIELD_MOST = 1_048_576

/** One dead letter of a file: all that is needed to import it. */
export interface ExportedLine extends KeptDeadLetter {
  server: string
  /** `prefix:name` */
  queue: string
  fingerprint: string
  /** Fields that were changed because their reader may not see secrets: such a line cannot be imported. */
  redacted?: string[]
}

/** The requested export. Refuses those who may not read queues, and a selection that is not valid. */
export async function askedExport(
  access: Access,
  actor: Actor,
  environment: ConsoleEnvironment,
  query: { kinds: string[]; server?: string; queue?: string },
): Promise<{ selected: Selected; mayRead: boolean }> {
  if (!access.isAllowed(actor.role, 'queue:read'))
    throw forbidden('Exporting dead letters', access.roleFor('queue:read'), actor)
  const { kinds, ...where } = query
  const asked = kinds.length > 0 ? { by: 'kinds', fingerprints: kinds, ...where } : { by: 'all', ...where }
  const parsed = z.strictObject({ which: Selection }).safeParse({ which: asked }, { reportInput: true })
  if (!parsed.success) throw invalidExport(problemsOf(parsed.error))
  return {
    selected: await select(environment, parsed.data.which),
    mayRead: access.isAllowed(actor.role, 'queue:payload'),
  }
}

/** Every dead letter of a selection as a line of JSON, in pieces: a long file needs no more memory. */
export async function* exportDeadLetters(selected: Selected, mayRead: boolean): AsyncGenerator<string> {
  for await (const { queue, ids } of walkSelected(selected)) {
    const jobs = await reading(queue.server, () => queue.server.queues.keptDeadLetters(queue.address, ids, FIELD_MOST))
    yield jobs
      .map(job => {
        const about = { name: job.fields.name ?? '', error: job.fields.failedReason ?? '' }
        const { fingerprint } = failureOf({ ...about, stack: lastStack(job.fields.stacktrace) })
        const line: ExportedLine = { server: queue.server.name, queue: queue.key, fingerprint, ...job }
        return `${JSON.stringify(mayRead ? line : withoutSecrets(line))}\n`
      })
      .join('')
  }
}

/** Fields with what the service wrote, as JSON. */
const JSON_FIELDS = new Set(['data', 'opts', 'returnvalue', 'progress'])

function withoutSecrets(line: ExportedLine): ExportedLine {
  const changed: string[] = []
  const fields = Object.entries(line.fields).map(([field, text]) => {
    const content = { bytes: text.length, text }
    const isFree = field === 'failedReason' || field === 'stacktrace'
    const shown = (isFree ? redactedLine(content) : JSON_FIELDS.has(field) ? redacted(content) : content).text
    if (shown !== text) changed.push(field)
    return [field, shown ?? ''] as const
  })
  return { ...line, fields: Object.fromEntries(fields), ...(changed.length > 0 ? { redacted: changed } : {}) }
}
