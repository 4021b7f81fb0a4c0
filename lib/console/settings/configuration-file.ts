import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { ConfigError, field } from '../../infrastructure/config/index.ts'
import { ENVIRONMENT_NAME } from '../../infrastructure/fleet/index.ts'

const Label = z.string().regex(/^[\w .-]{1,60}$/, 'must be 1 to 60 letters, digits, spaces, dots or dashes')

const File = z.strictObject({
  environments: z
    .array(
      z.strictObject({
        name: z.string().regex(ENVIRONMENT_NAME, 'must be lower-case letters, digits and dashes, 40 at most'),
        production: z.boolean().optional(),
        fleetRedisUrl: field.url('redis', 'rediss').optional(),
        redis: z
          .array(
            z.strictObject({
              name: Label,
              url: field.url('redis', 'rediss'),
              prefixes: z.array(z.string().min(1)).optional(),
            }),
          )
          .optional(),
        databases: z
          .array(
            z.strictObject({
              name: Label,
              url: field.url('postgres', 'postgresql'),
              migrations: z.string().optional(),
            }),
          )
          .optional(),
      }),
    )
    .min(1)
    .refine(list => new Set(list.map(entry => entry.name)).size === list.length, 'must have names that differ'),
})

/** Reads `substation.config.ts`; undefined when there is none. Throws ConfigError with everything that is wrong in it. */
export async function readConfigurationFile(path: string) {
  const file = resolve(/* turbopackIgnore: true */ process.cwd(), path)
  if (!existsSync(file)) return
  let loaded: { default?: unknown }
  try {
    loaded = (await import(/* turbopackIgnore: true */ /* webpackIgnore: true */ pathToFileURL(file).href)) as {
      default?: unknown
    }
  } catch (error) {
    throw new ConfigError([{ variable: path, problem: `could not be loaded: ${(error as Error).message}` }])
  }
  const parsed = File.safeParse(loaded.default)
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(issue => ({
        variable: `${path}: ${issue.path.join('.') || 'default export'}`,
        problem: issue.message,
      })),
    )
  }
  const folder = dirname(file)
  return parsed.data.environments.map(environment => ({
    ...environment,
    databases: environment.databases?.map(database => ({
      ...database,
      migrations: database.migrations && resolve(/* turbopackIgnore: true */ folder, database.migrations),
    })),
  }))
}
