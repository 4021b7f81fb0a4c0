import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { measure } from '../harness/program.ts'
import { CHUNK, project, type RepositoryInput, scope, timed } from './work.ts'

/** Drizzle as it comes for reads; postgres.js as it comes for transactions and rows, whose parameters at most fill 65,534 places. */
measure<RepositoryInput>(async ({ databaseUrl }) => {
  const sql = postgres(databaseUrl, { max: 10, onnotice: () => {} })
  const orm = drizzle(postgres(databaseUrl, { max: 10, onnotice: () => {} }))
  const measured = await timed({
    async read(id) {
      const [row] = await orm.select().from(project).where(eq(project.id, id)).limit(1)
      return row
    },
    transaction: () =>
      sql.begin(async transaction => {
        await transaction`select name from project where id = 'read-1'`
        await transaction`update project set priority = 1 where id = 'read-1'`
      }),
    async insert(rows) {
      for (let at = 0; at < rows.length; at += CHUNK) {
        const chunk = rows.slice(at, at + CHUNK).map(row => ({ ...row, organization_id: scope.tenant }))
        await sql`insert into project ${sql(chunk, 'id', 'organization_id', 'name', 'status', 'priority')}`
      }
    },
  })
  await Promise.all([sql.end(), orm.$client.end()])
  return measured
})
