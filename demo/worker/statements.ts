import { messageOf } from 'substation/core'
import type { Logger } from 'substation/logging'
import { PermanentJobError, type Queues, type Worker } from 'substation/queue'
import { STATEMENT_TRIES, STATEMENTS, type StatementJob } from '../shared/jobs.ts'

/** All of a batch at once, and far more than one worker renders before some have waited for minutes. */
const EVERY = 300_000
const FIRST = 20_000
const BATCH = 480
const RENDERING = 400
const LANGUAGES = ['en', 'de', 'fr', 'nl', 'pt'] as const

interface Statements {
  start(): void
  stop(): void
}

/** The shop's statements are made in batches, business customers first: a queue that backs up, as nightly work does. */
export function statements(queues: Queues, logger: Logger): Statements {
  let timer: NodeJS.Timeout | undefined
  let batch = 0

  async function make() {
    batch++
    const queue = await queues.queue(STATEMENTS)
    const jobs = Array.from({ length: BATCH }, (_, at) => {
      const isBusiness = at % 6 === 0
      const data: StatementJob = {
        customer: `customer-${batch}-${at}`,
        language: LANGUAGES[at % LANGUAGES.length] as StatementJob['language'],
        pages: isBusiness ? 12 : 2,
      }
      return {
        name: isBusiness ? 'business-statement' : 'statement',
        data,
        options: { ...STATEMENT_TRIES, priority: isBusiness ? 1 : 5 },
      }
    })
    await queue.addBulk(jobs)
    logger.info('statements are due', { jobs: jobs.length })
  }

  const turn = () => make().catch(error => logger.warn('statements could not be queued', { reason: messageOf(error) }))
  return {
    start() {
      timer = setTimeout(() => {
        void turn()
        timer = setInterval(() => void turn(), EVERY)
      }, FIRST)
    },
    stop: () => clearTimeout(timer),
  }
}

/** Renders them, one at a time. Two mistakes in the templates make dead letters of two kinds. */
export function statementWorker(queues: Queues): Promise<Worker> {
  return queues.work<StatementJob>(
    STATEMENTS,
    async ({ data, log }) => {
      await log(`rendering ${data.pages} pages in ${data.language}`)
      await new Promise(resolve => setTimeout(resolve, RENDERING))
      if (data.language === 'pt' && data.pages > 2)
        throw new PermanentJobError('template business-statement has no translation for pt')
      if (data.customer.endsWith('7') && data.language === 'fr')
        throw new RangeError(`the total of ${data.customer} does not fit its column`)
      return { pages: data.pages }
    },
    { concurrency: 1, owner: 'finance team', runbook: 'demo/runbooks/statements.md' },
  )
}
