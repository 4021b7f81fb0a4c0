import { type DatabaseFigures, figuresQuestion } from '../../../infrastructure/insight/index.ts'
import type { Part } from '../../platform/part/part.ts'
import type { PostgresServer } from '../../servers/postgres/servers.ts'
import { OWN } from './owner.ts'

const question = figuresQuestion(OWN)

export const figuresOf = (server: PostgresServer, options?: { maxAge?: number }): Promise<Part<DatabaseFigures>> =>
  server.read(question, options)
