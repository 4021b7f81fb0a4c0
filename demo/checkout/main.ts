import { payments } from '../providers/payments.ts'
import { tax } from '../providers/tax.ts'
import { catalogue } from '../shared/catalogue.ts'
import { serviceConfig } from '../shared/config.ts'
import { eventsPart, subscriptionsPart } from '../shared/events.ts'
import { foundation } from '../shared/foundation.ts'
import { close, listen } from '../shared/http-server.ts'
import { queuesPart } from '../shared/jobs.ts'
import { membership } from '../shared/membership.ts'
import { run } from '../shared/run.ts'
import { web } from '../shared/web.ts'
import { followUps } from './follow-ups.ts'
import { handOver } from './hand-over.ts'
import { orders } from './orders.ts'
import { placeOrder } from './place-order.ts'
import { checkoutRoutes } from './routes.ts'

/** Takes orders: tax, payment, Postgres, and jobs for what can follow later. */
const config = serviceConfig('checkout')
const { upstream, port } = config.demo

const program = foundation(config)
  .add('catalogue', { needs: ['caches', 'database'], create: ({ caches, database }) => catalogue(caches, database) })
  .add('tax', {
    needs: ['policies', 'caches'],
    create: ({ policies, caches }) => tax(policies, caches, upstream),
  })
  .add('payments', { needs: ['policies'], create: ({ policies }) => payments(policies, upstream) })
  .add('queues', queuesPart(config))
  .add('subscriptions', subscriptionsPart(config))
  .add('events', eventsPart(config))
  .add('orders', { needs: ['database', 'events'], create: ({ database, events }) => orders(database, events) })
  .add('followUps', { needs: ['breakers', 'queues'], create: ({ breakers, queues }) => followUps(breakers, queues) })
  .add('handOver', {
    needs: ['orders', 'followUps', 'logger'],
    create: ({ orders, followUps, logger }) => handOver(orders, followUps.enqueue, logger),
    start: handOver => handOver.start(),
    stop: handOver => handOver.stop(),
  })
  .add('place', {
    needs: ['logger', 'catalogue', 'tax', 'payments', 'orders', 'handOver'],
    create: placeOrder,
  })
  .add('http', {
    needs: ['logger', 'metrics', 'health', 'origins', 'place', 'payments', 'tax', 'followUps', 'breakers', 'redis'],
    create: ({ place, payments, tax, followUps, breakers, redis, ...around }) =>
      web(config, around, checkoutRoutes(place), {
        // A reservation of nothing, which the provider offers for this.
        'payments-api': () => payments.authorise('trial', 0, 'card-trial'),
        'tax-service': () => tax.ask('NL'),
        'order-queues': followUps.ask,
        'cache:catalogue': () => breakers.get('cache:catalogue')?.execute(() => redis.ping()),
      }),
    start: server => listen(server, port),
    stop: close,
  })
  .add('fleet', {
    needs: [
      ...(['logger', 'breakers', 'policies', 'caches', 'health', 'pools', 'sampler'] as const),
      ...(['catalogue', 'tax', 'payments', 'followUps', 'events'] as const),
    ],
    create: ({ logger, breakers, policies, caches, health, events, pools, sampler }) =>
      membership(
        config,
        logger,
        { breakers, policies, caches, health, events, pools, metrics: sampler },
        {
          owner: 'shop team',
          runbook: 'demo/runbooks/services.md',
        },
      ),
    start: member => member.start(),
    stop: member => member.stop(),
  })

await run(program)
