import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { registry } from '../../lib/console/areas/index.ts'
import { consoleSlice } from '../../lib/console/platform/settings/environment-slice.ts'
import { cacheConfig } from '../../lib/infrastructure/cache/index.ts'
import type { VariableNote } from '../../lib/infrastructure/config/index.ts'
import { databaseConfig } from '../../lib/infrastructure/database/index.ts'
import { fleetConfig } from '../../lib/infrastructure/fleet/index.ts'
import { healthConfig } from '../../lib/infrastructure/health/index.ts'
import { idempotencyConfig } from '../../lib/infrastructure/idempotency/index.ts'
import { kvConfig } from '../../lib/infrastructure/kv/index.ts'
import { loggingConfig } from '../../lib/infrastructure/logging/index.ts'
import { metricsConfig } from '../../lib/infrastructure/metrics/index.ts'
import { queueConfig } from '../../lib/infrastructure/queue/index.ts'
import { schedulerConfig } from '../../lib/infrastructure/scheduler/index.ts'

const { access, operations, views } = registry

const made = '<!-- Made by `node scripts/write-reference.ts` from what the code declares; edit that. -->'

const table = (variables: readonly VariableNote[]) =>
  [
    '| variable | default | what it is |',
    '|---|---|---|',
    ...variables.map(note => `| \`${note.name}\` | ${fallbackOf(note)} | ${meaningOf(note)} |`),
  ].join('\n')

function fallbackOf({ required, default: fallback }: VariableNote): string {
  if (required) return '**required**'
  return fallback === undefined ? '' : `\`${fallback}\``
}

function meaningOf({ description = '', values, range }: VariableNote): string {
  if (values) return `${description}: ${values.map(value => `\`${value}\``).join(', ')}`
  return range ? `${description}: ${range.min} to ${range.max}` : description
}

/** docs/configuration.md: every variable of every slice. */
export function configurationReference(): string {
  const sections: [string, string, readonly VariableNote[]][] = [
    [
      'The console',
      'Needed only to run it for real; `npm start` with none of them sets them up automatically.',
      consoleSlice.variables,
    ],
    ['A service in the fleet', '`fleetConfig` of `substation/fleet`.', fleetConfig.variables],
    ['Logging', '`loggingConfig` of `substation/logging`; the console reads it too.', loggingConfig.variables],
    ['Metrics', '`metricsConfig` of `substation/metrics`.', metricsConfig.variables],
    ['Health', '`healthConfig` of `substation/health`.', healthConfig.variables],
    ['Cache', '`cacheConfig` of `substation/cache`.', cacheConfig.variables],
    ['Queue', '`queueConfig` of `substation/queue`.', queueConfig.variables],
    ['Key-value store', '`kvConfig` of `substation/kv`.', kvConfig.variables],
    ['Schedules', '`schedulerConfig` of `substation/scheduler`.', schedulerConfig.variables],
    ['Idempotent runs', '`idempotencyConfig` of `substation/idempotency`.', idempotencyConfig.variables],
    [
      'Database',
      '`databaseConfig(prefix)` of `substation/database`; the prefix is `DATABASE` unless you choose another.',
      databaseConfig().variables,
    ],
  ]
  const start = `## Starting

| variable or argument | what it is |
|---|---|
| \`SUBSTATION_PORT\`, \`PORT\`, \`--port\` | where to listen; if it is taken, the next free one is used |
| \`SUBSTATION_HOST\`, \`--host\` | only for real: the address to listen on, by default all. The local modes listen on loopback and refuse another |
| \`SUBSTATION_FOLDER\` | where the local modes keep their data; \`.substation\` |
| \`REDIS_URL\`, \`DATABASE_URL\` | attach the local console to these servers instead of the demo |
| \`CHROMIUM_PATH\` | the browser for \`npm test\` |`
  return `# Configuration\n\n${made}\n\nAn empty variable counts as not set. What is missing or malformed is listed all at once, without its value. Durations are written\n\`250ms\`, \`30s\`, \`5m\`; lists with commas.\n\n${start}\n\n${sections.map(([title, note, variables]) => `## ${title}\n\n${note}\n\n${table(variables)}`).join('\n\n')}\n`
}

/** docs/rest.md: every view and operation. */
export function restReference(): string {
  const viewRows = views.map(
    view =>
      `| \`${view.id}\` | ${view.title} | ${access.roleFor(view.permission)} | ${Object.keys(view.filters.shape)
        .map(name => `\`${name}\``)
        .join(' ')}${view.inBody ? ' (by POST)' : ''} |`,
  )
  const operationRows = operations.map(
    operation => `| \`${operation.id}\` | ${operation.description} | ${access.roleFor(operation.permission)} |`,
  )
  return `# REST

${made}

${readFileSync(join(import.meta.dirname, 'rest-guide.md'), 'utf8')}
## Views

\`GET /api/v1/{environment}/views/{id}?filters\` answers \`{data, at, dropped, …}\`. A filter that is not valid is ignored and named in
\`dropped\`. One that is marked is asked by POST with its filters as a JSON object. Parts of the data are \`{"status": "up" | "stale" | "down", …}\`.

| id | | role | filters |
|---|---|---|---|
${viewRows.join('\n')}

## Operations

\`POST /api/v1/{environment}/operations/{id}/preview\` with \`{"input": …}\` answers with what would happen and a token. \`POST
/api/v1/{environment}/operations/{id}\` with \`{"input": …, "token": …, "typedName": …}\` does it and answers with the run: finished, or under way.
The \`confirmation\` of a preview says what the act needs:

| | needs | when |
|---|---|---|
| \`none\` | nothing | the input names one thing: a breaker with \`"scope": {"kind": "process", …}\`, one key of a cache, one job to replay or promote, one process to forget, a queue to pause or resume |
| \`preview\` | \`token\` | the input may affect more, even if it is only one now: a breaker with the scope \`service\` or \`fleet\` |
| \`typed\` | \`token\`, and \`typedName\`: the name of the target | the riskiest acts, and **every** act in production and in a local console attached to servers of yours |

Without a token that is needed, the answer is 428 \`preview_required\`. A token is good for five minutes, for that person, environment and input.

| id | | role |
|---|---|---|
${operationRows.join('\n')}

## Runs

\`GET /api/v1/{environment}/runs/{id}\` is a run with its ledger; \`POST …/abort\` asks it to stop; \`POST …/undo\` undoes it while its
window lasts. Bodies are \`{}\`.

## Others

\`GET /api/live?environment=…\` is a stream of server-sent events that say which topics changed. \`/api/health/live\`, \`/api/health/ready\` and
\`/api/metrics\` are for machines.
`
}
