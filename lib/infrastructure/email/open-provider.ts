import { loadAdapter } from '../../core/load-adapter.ts'
import type { Messages } from '../messages/index.ts'
import type { MailgunOptions } from './adapters/mailgun.ts'
import type { ResendOptions } from './adapters/resend.ts'
import type { SendGridOptions } from './adapters/sendgrid.ts'
import type { SesOptions } from './adapters/ses.ts'
import type { SmtpOptions } from './adapters/smtp.ts'
import type { EmailProvider } from './port.ts'

export type ProviderChoice =
  | ({ adapter: 'smtp' } & SmtpOptions)
  | ({ adapter: 'sendgrid' } & SendGridOptions)
  | ({ adapter: 'ses' } & SesOptions)
  | ({ adapter: 'mailgun' } & MailgunOptions)
  | ({ adapter: 'resend' } & ResendOptions)
  /** Kept in the log of messages, and sent to nobody. */
  | { adapter: 'outbox'; name?: string }
  /** One of the service's own. */
  | { adapter: 'own'; provider: EmailProvider }

/** Loads the SDK of the one that was chosen, and no other. An outbox needs the log. */
export async function openProvider(choice: ProviderChoice, messages: Messages | undefined): Promise<EmailProvider> {
  switch (choice.adapter) {
    case 'own':
      return choice.provider
    case 'outbox':
      return (await import('./adapters/outbox.ts')).outboxEmail({ ...choice, messages: messages as Messages })
    case 'smtp':
      return (await loadAdapter('Email over SMTP', () => import('./adapters/smtp.ts'))).smtpEmail(choice)
    case 'sendgrid':
      return (await loadAdapter('Email over SendGrid', () => import('./adapters/sendgrid.ts'))).sendgridEmail(choice)
    case 'ses':
      return (await loadAdapter('Email over SES', () => import('./adapters/ses.ts'))).sesEmail(choice)
    case 'mailgun':
      return (await loadAdapter('Email over Mailgun', () => import('./adapters/mailgun.ts'))).mailgunEmail(choice)
    case 'resend':
      return (await loadAdapter('Email over Resend', () => import('./adapters/resend.ts'))).resendEmail(choice)
  }
}
