import type { Messages } from '../../messages/index.ts'
import { mailgunDeliveries } from './mailgun.ts'
import type { DeliveryReport } from './report.ts'
import { resendDeliveries } from './resend.ts'
import { sendgridDeliveries } from './sendgrid.ts'
import { sesDeliveries } from './ses.ts'

const BY_VENDOR = {
  sendgrid: sendgridDeliveries,
  resend: resendDeliveries,
  mailgun: mailgunDeliveries,
  ses: sesDeliveries,
}

export type DeliveryVendor = keyof typeof BY_VENDOR

/** What the parsed body of a vendor's webhook says. Whether it comes from the vendor is for its receiver to check. */
export function readDeliveries(
  vendor: DeliveryVendor,
  body: unknown,
  { provider = vendor, eventId }: { provider?: string; eventId?: string } = {},
): DeliveryReport {
  return BY_VENDOR[vendor](body, { provider, eventId })
}

/** Notes it in the log, and who gets nothing more. May be repeated: an event counts once. */
export async function noteDeliveries(
  messages: Messages,
  { notes, suppressions, ignored }: DeliveryReport,
): Promise<{ noted: number; duplicates: number; unknown: number; ignored: number }> {
  await messages.suppress(suppressions)
  const outcomes = await messages.note(notes)
  const count = (outcome: (typeof outcomes)[number]['outcome']) =>
    outcomes.filter(each => each.outcome === outcome).length
  return { noted: count('noted'), duplicates: count('duplicate'), unknown: count('unknown'), ignored }
}
