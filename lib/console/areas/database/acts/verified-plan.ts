import { type JudgedPlan, plannableQuestion, planQuestion } from '../../../../infrastructure/insight/index.ts'
import type { PostgresServer } from '../../../servers/postgres/servers.ts'

/** The plan of a statement now; undefined where none was named, it may not be planned, or it has none without values. */
export async function planOf(server: PostgresServer, queryId: string | undefined): Promise<JudgedPlan | undefined> {
  if (queryId === undefined) return undefined
  try {
    const text = await server.ask(plannableQuestion(queryId))
    return text === undefined ? undefined : await server.ask(planQuestion(text))
  } catch {
    // A plan is a comfort here: an index is not refused for want of it.
    return undefined
  }
}

const costOf = ({ plan }: JudgedPlan) => Math.round(plan.root.cost.total).toLocaleString('en')

const PLANNED_AS_CONSOLE =
  'It is planned before and after: planning runs the IMMUTABLE functions of the statement with the rights of the console’s account.'

/** What the index is expected to do for the statement, for its preview. */
export function expectedEffect(plan: JudgedPlan | undefined, columns: readonly string[]): string[] {
  if (!plan) return []
  const advice = plan.advice.find(one => one.columns.join() === columns.join())
  return [
    `The statement’s plan costs ${costOf(plan)} now. ${advice ? advice.words : 'How much cheaper it becomes is not known.'}`,
    PLANNED_AS_CONSOLE,
  ]
}

/** What it did, by the plan of the statement after it. */
export function comparedPlans(before: JudgedPlan | undefined, after: JudgedPlan | undefined, index: string): string {
  if (!before || !after) return ''
  const uses = JSON.stringify(after.plan).includes(JSON.stringify(index))
  if (!uses) return ` The plan of the statement does not use it (cost ${costOf(after)}).`
  return ` The plan of the statement uses it now: its cost fell from ${costOf(before)} to ${costOf(after)}.`
}
