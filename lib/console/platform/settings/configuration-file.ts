import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { ConfigError, field } from '../../../infrastructure/config/index.ts'
import { ENVIRONMENT_NAME } from '../../../infrastructure/fleet/index.ts'

const Label = z.string().regex(/^[\w .-]{1,60}$/, 'must be 1 to 60 letters, digits, spaces, dots or dashes')

/** Postgres cuts longer names, and would then not find them. */
const Identifier = z
  .string()
  .min(1)
  .refine(name => Buffer.byteLength(name) <= 63, 'must have at most 63 bytes')

const namesDiffer = (list: { name: string }[]) => new Set(list.map(entry => entry.name)).size === list.length

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
              hidden: z
                .array(z.string().regex(/^[^.]+(\.[^.]+){1,2}$/, 'must be schema.table or schema.table.column'))
                .optional(),
              migrations: z
                .union([
                  z.string().min(1),
                  z.strictObject({
                    folder: z.string().min(1),
                    url: field.url('postgres', 'postgresql').optional(),
                    journal: z.strictObject({ schema: Identifier.optional(), table: Identifier.optional() }).optional(),
                  }),
                ])
                .optional(),
            }),
          )
          .refine(namesDiffer, 'must have names that differ')
          .optional(),
      }),
    )
    .min(1)
    .refine(namesDiffer, 'must have names that differ'),
})

/** Reads `substation.config.ts`; undefined when there is none. Throws ConfigError that lists every problem in it. */
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
    databases: environment.databases?.map(({ migrations, ...database }) => {
      const stated = typeof migrations === 'string' ? { folder: migrations } : migrations
      if (!stated) return database
      return {
        ...database,
        migrations: { ...stated, folder: resolve(/* turbopackIgnore: true */ folder, stated.folder) },
      }
    }),
  }))
}
