import { z } from 'zod'
import { InfrastructureError } from '../../../../core/errors.ts'
import {
  ExplainError,
  type JudgedPlan,
  parametersOf,
  plannableQuestion,
  planQuestion,
} from '../../../../infrastructure/insight/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { PostgresServers } from '../../../servers/resources.ts'

export interface PlanData {
  /** Absent when no database of that name is declared. */
  plan?: Part<{
    judged?: JudgedPlan
    parameters: number
    /** Why there is none, in words. */
    refused?: { message: string; nextStep?: string }
  }>
}

/** The plan that the server would choose for a statement now, for no value in particular. */
export const planView = defineView({
  id: 'database-plan',
  title: 'Plan of a query',
  permission: 'database:plan',
  topics: ['database'],
  filters: z.object({ name: exact(300), query: exact(30) }),
  freshFor: 10_000,
  async read({ environment, outages }, { name, query }): Promise<PlanData> {
    const server = environment.of(PostgresServers).find(name)
    if (!server) return {}
    const read = async () => {
      let parameters = 0
      try {
        const text = await server.ask(plannableQuestion(query))
        if (text === undefined)
          return {
            parameters,
            refused: {
              message: 'Its text is not known: it was dropped from pg_stat_statements, or is hidden from this account.',
            },
          }
        parameters = parametersOf(text)
        return { judged: await server.ask(planQuestion(text)), parameters }
      } catch (error) {
        const refused = refusalOf(error)
        if (!refused) throw error
        return { parameters, refused }
      }
    }
    return { plan: await part(`The plan in ${name}`, outages, read()) }
  },
})

/** What the server or EXPLAIN says of the statement; undefined where it is the server that has trouble. */
function refusalOf(error: unknown): { message: string; nextStep?: string } | undefined {
  if (!(error instanceof InfrastructureError)) return undefined
  if (!(error instanceof ExplainError) && error.code !== 'DATABASE_REFUSED' && error.code !== 'DATABASE_DENIED')
    return undefined
  return { message: error.message, ...(error.nextStep === undefined ? {} : { nextStep: error.nextStep }) }
}
