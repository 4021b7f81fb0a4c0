import { maskUrl } from '../../../infrastructure/config/index.ts'
import { databasePlace } from '../../../infrastructure/database/index.ts'
import { createInsight, type Question } from '../../../infrastructure/insight/index.ts'
import type { Outages } from '../../platform/part/outages.ts'
import type { Part } from '../../platform/part/part.ts'
import { part } from '../../platform/part/read-part.ts'
import type { ResolvedDatabase } from '../../platform/settings/port.ts'
import { lastAnswers } from './last-answers.ts'

/** A declared database and how it is asked about itself. */
export interface PostgresServer {
  readonly name: string
  /** Without credentials. */
  readonly address: string
  /** As pools of the fleet name it: `host:port/database`. */
  readonly place: string | undefined
  /**
   * One answer serves everyone who asks within its time, and nobody asks while it is under way. `maxAge` (ms): accepts an older or
   * only a younger one. Never rejects; while the server does not answer, its last answer is `stale`.
   */
  read<T>(question: Question<T>, options?: { maxAge?: number }): Promise<Part<T>>
  /** Asks now and keeps nothing, for acts. Rejects with DatabaseError. */
  ask<T>(question: Question<T>): Promise<T>
}

/** The declared databases of an environment, each on its own: one that is down holds up no other. */
export interface PostgresServers {
  readonly servers: readonly PostgresServer[]
  find(name: string): PostgresServer | undefined
  close(): Promise<void>
}

/** Begins the application name of every connection of a console. */
export const OWN_APPLICATION = 'substation'

export function postgresServers(databases: readonly ResolvedDatabase[], outages: Outages): PostgresServers {
  const opened = databases.map(({ name, url }) => {
    const insight = createInsight({ name, url, application: `${OWN_APPLICATION}-insight` })
    const answers = lastAnswers()
    const server: PostgresServer = {
      name,
      address: maskUrl(url),
      place: databasePlace(url),
      read: (question, { maxAge = question.freshFor } = {}) =>
        answers.get(question.id, maxAge, () => part(`Postgres ${name}`, outages, insight.ask(question))),
      ask: question => insight.ask(question),
    }
    return { server, close: insight.close }
  })
  const servers = opened.map(({ server }) => server)
  return {
    servers,
    find: name => servers.find(server => server.name === name),
    async close() {
      await Promise.all(opened.map(({ close }) => close()))
    },
  }
}
