import type { Job, Queues, Worker } from 'substation/queue'
import type { Mail } from '../providers/mail.ts'
import type { Payments } from '../providers/payments.ts'
import { CAPTURES, type CaptureJob, INVITATION_AFTER, INVITATIONS, RECEIPTS, type ReceiptJob } from '../shared/jobs.ts'

/** Takes the money of orders. */
export function captureWorker(queues: Queues, payments: Payments): Promise<Worker> {
  return queues.work<CaptureJob>(CAPTURES, ({ data }) => payments.capture(data.order, data.amount), {
    concurrency: 2,
    // Jobs that fail at once would only spend their attempts.
    dependsOn: ['payments-api'],
    owner: 'payments team',
    runbook: 'demo/runbooks/payments-api.md',
  })
}

/** Sends receipts, and some minutes later an invitation. A mailbox that is refused fails its job three times, and then for good. */
export function receiptWorker(queues: Queues, mail: Mail): Promise<Worker> {
  const send = async ({ data, attempt, log }: Job<ReceiptJob>) => {
    await log(`try ${attempt}: ${data.mailbox}`)
    await mail.send({
      id: `receipt-${data.order}`,
      to: data.mailbox,
      subject: `Your receipt for order ${data.order}`,
      template: 'receipt',
    })
    const invitations = await queues.queue(INVITATIONS)
    await invitations.add('invite', data, { ...INVITATION_AFTER, id: `invite-${data.order}` })
  }
  return queues.work<ReceiptJob>(RECEIPTS, send, {
    concurrency: 4,
    owner: 'messaging team',
    runbook: 'demo/runbooks/mail-provider.md',
  })
}

/** Asks for reviews, once the delay is over. */
export function invitationWorker(queues: Queues, mail: Mail): Promise<Worker> {
  return queues.work<ReceiptJob>(
    INVITATIONS,
    ({ data }) =>
      mail.send({
        id: `invitation-${data.order}`,
        to: data.mailbox,
        subject: `How do you like order ${data.order}?`,
        template: 'invitation',
      }),
    { concurrency: 2, owner: 'messaging team', runbook: 'demo/runbooks/mail-provider.md' },
  )
}
