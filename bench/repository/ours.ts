import {
  BaseDrizzleRepository,
  createDatabase,
  createRepositories,
  createTransactions,
} from '../../lib/infrastructure/database/index.ts'
import { measure } from '../harness/program.ts'
import { CHUNK, projects, type RepositoryInput, scope, timed } from './work.ts'

/** The repository of the library, and its transactions that are found by what is called in them. */
measure<RepositoryInput>(async ({ databaseUrl }) => {
  const database = await createDatabase({ url: databaseUrl })
  const transactions = await createTransactions(database)
  const repository = new BaseDrizzleRepository(projects, await createRepositories({ transactions }), scope)
  const measured = await timed({
    read: id => repository.find(id),
    transaction: () =>
      transactions.run(async () => {
        await transactions.sql`select name from project where id = 'read-1'`
        await transactions.sql`update project set priority = 1 where id = 'read-1'`
      }),
    insert: rows => repository.createMany(rows, { chunk: CHUNK }),
  })
  await database.close()
  return measured
})
