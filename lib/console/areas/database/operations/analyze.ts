import { analyzeStatement } from '../../../../infrastructure/insight/index.ts'
import { tableMaintenance } from '../acts/table-maintenance.ts'

export const analyzeTable = tableMaintenance({
  id: 'database.analyze',
  title: 'Analyze a table',
  description: 'Samples the rows of a table of a watched database, so that the planner estimates well.',
  verb: 'Analyze',
  did: 'Analyzed',
  statement: analyzeStatement,
  effect: 'Reads a sample of its rows. Plans of its statements may change.',
})
