import { createDatabase } from 'substation/database'
import { createMessages } from 'substation/messages'
import { mail } from '../providers/mail.ts'
import { payments } from '../providers/payments.ts'
import { serviceConfig } from '../shared/config.ts'
import { eventsPart, subscriptionsPart } from '../shared/events.ts'
import { foundation } from '../shared/foundation.ts'
import { close, listen } from '../shared/http-server.ts'
import { queuesPart } from '../shared/jobs.ts'
import { membership } from '../shared/membership.ts'
import { run } from '../shared/run.ts'
import { web } from '../shared/web.ts'
import { reservationWorker, shipmentWorker } from './fulfilment.ts'
import { housekeeping } from './housekeeping.ts'
import { daysOf, firstRelease, releases, versionOf } from './releases.ts'
import { reminders } from './reminders.ts'
import { returns, sagasPart } from './returns.ts'
import { schedules } from './schedules.ts'
import { statements, statementWorker } from './statements.ts'
import { stockCount } from './stock-count.ts'
import { subscriptions } from './subscriptions.ts'
import { turnover } from './turnover.ts'
import { captureWorker, invitationWorker, receiptWorker } from './workers.ts'

/** Does what can follow later: captures, receipts, invitations, points, parcels, statements. */
const config = serviceConfig('worker')
const { upstream, port, reportsUrl, releasing } = config.demo
const release = firstRelease()

const program = foundation(config, { needsRedis: true })
  .add('queues', queuesPart(config))
  .add('payments', { needs: ['policies'], create: ({ policies }) => payments(policies, upstream) })
  .add('messages', {
    needs: ['database'],
    create: ({ database }) => createMessages({ sql: database.sql }),
    stop: messages => messages.close(),
  })
  .add('mail', {
    needs: ['policies', 'messages'],
    create: ({ policies, messages }) => mail(policies, upstream, messages),
    stop: ({ providers }) => providers.close(),
  })
  .add('captures', { needs: ['queues', 'payments'], create: ({ queues, payments }) => captureWorker(queues, payments) })
  .add('receipts', { needs: ['queues', 'mail'], create: ({ queues, mail }) => receiptWorker(queues, mail) })
  .add('invitations', { needs: ['queues', 'mail'], create: ({ queues, mail }) => invitationWorker(queues, mail) })
  .add('rendering', { needs: ['queues'], create: ({ queues }) => statementWorker(queues) })
  .add('reservations', { needs: ['queues'], create: ({ queues }) => reservationWorker(queues) })
  .add('shipments', { needs: ['queues'], create: ({ queues }) => shipmentWorker(queues) })
  .add('subscriptions', subscriptionsPart(config))
  .add('events', eventsPart(config))
  .add('handling', {
    needs: ['events', 'queues', 'redis', 'logger'],
    create: subscriptions,
    start: subscriptions => subscriptions.start(),
    stop: subscriptions => subscriptions.stop(),
  })
  .add('statements', {
    needs: ['queues', 'logger'],
    create: ({ queues, logger }) => statements(queues, logger),
    start: statements => statements.start(),
    stop: statements => statements.stop(),
  })
  .add('housekeeping', {
    needs: ['database', 'queues', 'events', 'messages', 'logger'],
    create: housekeeping,
    start: housekeeping => housekeeping.start(),
    stop: housekeeping => housekeeping.stop(),
  })
  .add('sagas', sagasPart())
  .add('returns', {
    needs: ['sagas', 'database', 'payments', 'mail', 'logger'],
    create: returns,
    start: returns => returns.start(),
    stop: returns => returns.stop(),
  })
  .add('schedules', {
    needs: ['logger'],
    create: ({ logger }) => schedules(config, logger),
    start: schedules => schedules.start(),
    stop: schedules => schedules.close({ timeoutMs: 1_000 }),
  })
  .add('reports', {
    needs: ['pools'],
    async create({ pools }) {
      const reports = await createDatabase({
        url: reportsUrl,
        name: 'reports-db',
        applicationName: config.instance,
        maxConnections: 2,
      })
      pools.add(reports)
      return reports
    },
    stop: reports => reports.close(),
  })
  .add('turnover', {
    needs: ['database', 'reports', 'logger'],
    create: ({ database, reports, logger }) => turnover(database, reports, logger),
    start: turnover => turnover.start(),
    stop: turnover => turnover.stop(),
  })
  .add('stock count', {
    needs: ['logger'],
    create: ({ logger }) => stockCount(config, logger),
    start: count => count.start(),
    stop: count => count.stop(),
  })
  .add('reminders', {
    needs: ['database', 'origins', 'logger'],
    create: ({ database, origins, logger }) => reminders(database, origins, () => daysOf(release), logger),
    start: reminders => reminders.start(),
    stop: reminders => reminders.stop(),
  })
  .add('http', {
    needs: ['logger', 'metrics', 'health', 'origins', 'payments', 'mail'],
    create: ({ payments, mail, ...around }) =>
      web(config, around, [], {
        // Both providers take these and do nothing.
        'payments-api': () => payments.capture('trial', 0),
        'mail-provider': () => mail.send({ to: 'postmaster@mail.example', subject: 'trial' }),
      }),
    start: server => listen(server, port),
    stop: close,
  })
  .add('fleet', {
    needs: [
      'logger',
      'breakers',
      'policies',
      'mail',
      'queues',
      'health',
      'pools',
      'schedules',
      'reports',
      'sampler',
      'captures',
      'receipts',
      'invitations',
      'rendering',
      'reservations',
      'shipments',
      'events',
      'sagas',
    ],
    create: ({ logger, breakers, policies, mail, queues, health, pools, schedules, events, sagas, sampler }) =>
      releases(
        release,
        () =>
          membership(
            { ...config, fleet: { ...config.fleet, version: versionOf(config.fleet.version, release) } },
            logger,
            {
              breakers,
              policies,
              providers: [mail.providers],
              workers: queues,
              schedules,
              events,
              sagas,
              health,
              pools,
              metrics: sampler,
            },
            {
              owner: 'shop team',
              runbook: 'demo/runbooks/services.md',
            },
          ),
        releasing,
      ),
    start: member => member.start(),
    stop: member => member.stop(),
  })

await run(program)
