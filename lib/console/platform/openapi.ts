import { z } from 'zod'
import type { Access } from './access/roles.ts'
import type { AnyOperation } from './operation/define.ts'
import type { AnyView } from './view/define.ts'

type Json = Record<string, unknown>

const schemaOf = (schema: z.ZodType): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json
  return rest
}

const refusal = {
  description: 'Refused, with the reason in plain words',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Refused' } } },
}
const refusals = { 400: refusal, 401: refusal, 403: refusal, 404: refusal, 409: refusal, 428: refusal, 503: refusal }
const answer = (description: string, schema: Json): Json => ({
  description,
  content: { 'application/json': { schema } },
})
const path = (name: string, description: string): Json => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
})

const jsonBody = (properties: Json, required: string[]): Json => ({
  required: true,
  content: { 'application/json': { schema: { type: 'object', properties, required } } },
})

/** The OpenAPI 3.1 document, made from the registries, so that it lists every view and operation. */
export function openApiDocument(
  url: string,
  version: string,
  views: readonly AnyView[],
  operations: readonly AnyOperation[],
  access: Access,
): Json {
  const paths: Json = {}
  const environment = path('environment', 'Name of the environment')
  for (const view of views) {
    const { properties = {} } = schemaOf(view.filters) as { properties?: Record<string, Json> }
    const filters = view.inBody
      ? { parameters: [environment], requestBody: jsonBody(properties, []) }
      : {
          parameters: [
            environment,
            ...Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema })),
          ],
        }
    paths[`/api/v1/{environment}/views/${view.id}`] = {
      [view.inBody ? 'post' : 'get']: {
        tags: ['views'],
        operationId: `view.${view.id}`,
        summary: view.title,
        description: `Needs the ${access.roleFor(view.permission)} role. A filter that is not valid is ignored and named in \`dropped\`.`,
        ...filters,
        responses: { 200: answer('The view', { $ref: '#/components/schemas/Reading' }), ...refusals },
      },
    }
  }
  for (const operation of operations) {
    const input = schemaOf(operation.input)
    const common = {
      tags: ['operations'],
      description: `${operation.description} Needs the ${access.roleFor(operation.permission)} role.`,
      parameters: [environment],
    }
    paths[`/api/v1/{environment}/operations/${operation.id}/preview`] = {
      post: {
        ...common,
        operationId: `${operation.id}.preview`,
        summary: `Preview: ${operation.title}`,
        requestBody: jsonBody({ input }, ['input']),
        responses: {
          200: answer('What would happen, and a token', {
            type: 'object',
            properties: { preview: { $ref: '#/components/schemas/Preview' } },
          }),
          ...refusals,
        },
      },
    }
    paths[`/api/v1/{environment}/operations/${operation.id}`] = {
      post: {
        ...common,
        operationId: operation.id,
        summary: operation.title,
        requestBody: jsonBody(
          {
            input,
            token: { type: 'string', description: 'From the preview; needed unless the act affects one small thing' },
            typedName: { type: 'string', description: 'Name of the target; needed where the preview says `typed`' },
          },
          ['input'],
        ),
        responses: {
          200: answer('The run, finished or under way', { $ref: '#/components/schemas/RunAnswer' }),
          ...refusals,
        },
      },
    }
  }
  const runPath = [environment, path('run', 'Id of the run')]
  const run = { 200: answer('The run', { $ref: '#/components/schemas/RunAnswer' }), ...refusals }
  paths['/api/v1/{environment}/runs/{run}'] = {
    get: {
      tags: ['runs'],
      operationId: 'run.find',
      summary: 'A run with its ledger',
      parameters: runPath,
      responses: run,
    },
  }
  for (const verb of ['abort', 'undo']) {
    paths[`/api/v1/{environment}/runs/{run}/${verb}`] = {
      post: {
        tags: ['runs'],
        operationId: `run.${verb}`,
        summary: verb === 'abort' ? 'Ask a run to stop' : 'Undo an act',
        parameters: runPath,
        requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
        responses: run,
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Substation', version, description: 'Read through views, act through operations.' },
    servers: [{ url }],
    paths,
    components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'session_token' } }, schemas },
    security: [{ session: [] }],
  }
}

const object = (properties: Json, required: string[] = []): Json => ({ type: 'object', properties, required })
const text = { type: 'string' }
const integer = { type: 'integer' }
const schemas: Json = {
  Refused: object(
    {
      error: object(
        {
          code: text,
          message: text,
          nextStep: text,
          fields: { type: 'object', additionalProperties: text },
          errorId: text,
          needs: text,
        },
        ['code', 'message'],
      ),
    },
    ['error'],
  ),
  Reading: object(
    {
      view: text,
      environment: text,
      data: {},
      at: integer,
      dropped: { type: 'array', items: object({ filter: text, problem: text }) },
      topics: { type: 'array', items: text },
      cursor: integer,
    },
    ['view', 'environment', 'data', 'at'],
  ),
  Preview: object(
    {
      token: text,
      expiresAt: integer,
      summary: text,
      action: text,
      affected: object({
        count: integer,
        precision: { enum: ['exact', 'sampled', 'unknown'] },
        noun: text,
        sample: { type: 'array', items: text },
      }),
      warnings: { type: 'array', items: text },
      undoWords: text,
      texts: { type: 'array', items: object({ name: text, text }) },
      offers: { type: 'array', items: text },
      confirmation: { enum: ['none', 'preview', 'typed'] },
    },
    ['token', 'summary', 'affected', 'confirmation'],
  ),
  RunAnswer: object(
    {
      run: object(
        {
          id: text,
          operation: text,
          status: text,
          summary: text,
          startedAt: integer,
          finishedAt: integer,
          items: object({ total: integer }),
        },
        ['id', 'operation', 'status', 'startedAt'],
      ),
    },
    ['run'],
  ),
}
