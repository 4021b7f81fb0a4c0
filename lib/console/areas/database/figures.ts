import { type DatabaseFigures, figuresQuestion } from '../../../infrastructure/insight/index.ts'
import type { Part } from '../../platform/part/part.ts'
import { OWN_APPLICATION, type PostgresServer } from '../../servers/postgres/servers.ts'

const question = figuresQuestion(OWN_APPLICATION)

export const figuresOf = (server: PostgresServer, options?: { maxAge?: number }): Promise<Part<DatabaseFigures>> =>
  server.read(question, options)
