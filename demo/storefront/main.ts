import { catalogue } from '../shared/catalogue.ts'
import { serviceConfig } from '../shared/config.ts'
import { foundation } from '../shared/foundation.ts'
import { close, listen } from '../shared/http-server.ts'
import { membership } from '../shared/membership.ts'
import { openRedis } from '../shared/redis.ts'
import { run } from '../shared/run.ts'
import { suggestions } from '../shared/suggestions.ts'
import { trending } from '../shared/trending.ts'
import { web } from '../shared/web.ts'
import { checkouts } from './checkouts.ts'
import { storefrontRoutes } from './routes.ts'
import { sessions } from './sessions.ts'

/** The shop's front: products out of the cache, orders passed on to checkout. */
const config = serviceConfig('storefront')

const program = foundation(config)
  .add('catalogue', { needs: ['caches', 'database'], create: ({ caches, database }) => catalogue(caches, database) })
  .add('suggestions', {
    needs: ['caches', 'database'],
    create: ({ caches, database }) => suggestions(caches, database),
  })
  .add('trending', {
    needs: ['caches', 'database', 'redis'],
    create: ({ caches, database, redis }) => trending(caches, database, redis),
  })
  .add('sessionsRedis', {
    create: () => openRedis(config.demo.sessionsUrl, config.instance),
    start: redis => redis.connect().catch(() => undefined),
    startTimeoutMs: 2_000,
    stop: redis => redis.disconnect(),
  })
  .add('sessions', { needs: ['sessionsRedis'], create: ({ sessionsRedis }) => sessions(sessionsRedis) })
  .add('checkouts', { needs: ['breakers'], create: ({ breakers }) => checkouts(breakers, config.demo.checkouts) })
  .add('http', {
    needs: [
      ...(['logger', 'metrics', 'health', 'origins', 'breakers', 'redis'] as const),
      ...(['catalogue', 'suggestions', 'trending', 'sessions', 'checkouts'] as const),
    ],
    create: ({ catalogue, suggestions, trending, sessions, checkouts, breakers, redis, ...around }) =>
      web(config, around, storefrontRoutes({ catalogue, suggestions, trending, sessions, checkouts }), {
        checkout: checkouts.live,
        'cache:catalogue': () => breakers.get('cache:catalogue')?.execute(() => redis.ping()),
      }),
    start: server => listen(server, config.demo.port),
    stop: close,
  })
  .add('fleet', {
    needs: [
      'logger',
      'breakers',
      'caches',
      'health',
      'pools',
      'sampler',
      'catalogue',
      'suggestions',
      'trending',
      'checkouts',
    ],
    create: ({ logger, breakers, caches, health, pools, sampler }) =>
      membership(
        config,
        logger,
        { breakers, caches, health, pools, metrics: sampler },
        {
          owner: 'shop team',
          runbook: 'demo/runbooks/services.md',
        },
      ),
    start: member => member.start(),
    stop: member => member.stop(),
  })

await run(program)
