import { vacuumStatement } from '../../../../infrastructure/insight/index.ts'
import { tableMaintenance } from '../acts/table-maintenance.ts'

export const vacuumTable = tableMaintenance({
  id: 'database.vacuum',
  title: 'Vacuum a table',
  description: 'Removes dead rows of a table of a watched database, and analyzes it.',
  verb: 'Vacuum',
  did: 'Vacuumed',
  statement: vacuumStatement,
  effect: 'Reads every page that is not known to be clean, and every index where rows are removed.',
})
