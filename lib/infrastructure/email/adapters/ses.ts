import {
  SESv2Client,
  SendEmailCommand,
  type SendEmailCommandInput,
  type SendEmailCommandOutput,
} from '@aws-sdk/client-sesv2'
import { formatAddress } from '../address.ts'
import { failuresOf } from '../failure.ts'
import type { Email, EmailProvider } from '../port.ts'
import { allAddresses } from './all-addresses.ts'

export interface SesOptions {
  /** `ses` when absent. */
  name?: string
  region: string
  /** Those of the environment or the machine's role when absent. */
  accessKeyId?: string
  secretAccessKey?: string
  /** Where its API is, when it is not Amazon's own. */
  endpoint?: string
  /** Publishes the events of its emails: deliveries, bounces, complaints. */
  configurationSet?: string
}

export function sesEmail({
  name = 'ses',
  region,
  accessKeyId,
  secretAccessKey = '',
  endpoint,
  configurationSet,
}: SesOptions): EmailProvider {
  const failures = failuresOf(name, [secretAccessKey])
  const client = new SESv2Client({
    region,
    maxAttempts: 1,
    endpoint,
    ...(accessKeyId === undefined ? {} : { credentials: { accessKeyId, secretAccessKey } }),
  })
  return {
    name,
    takesIdempotencyKeys: false,
    async send(email, { signal, messageId } = {}) {
      const command = new SendEmailCommand({
        ...inputOf(email),
        ConfigurationSetName: configurationSet,
        ...(messageId === undefined ? {} : { EmailTags: [{ Name: 'messageId', Value: messageId }] }),
      })
      let answer: SendEmailCommandOutput
      try {
        answer = await client.send(command, { abortSignal: signal })
      } catch (error) {
        signal?.throwIfAborted()
        const { $metadata, $response, name: code, message } = error as Partial<SesError>
        const status = $response?.statusCode ?? $metadata?.httpStatusCode
        if (status === undefined) throw failures.ofConnection(error)
        // An answer that its SDK cannot read.
        if (status < 400) throw failures.ofAnswer(message)
        const isThrottled = code === 'TooManyRequestsException' || code === 'ThrottlingException'
        throw failures.ofStatus({
          status: isThrottled ? 429 : status,
          code,
          words: message,
          headers: $response?.headers,
          cause: error,
        })
      }
      if (typeof answer.MessageId !== 'string') throw failures.ofAnswer(answer)
      return { id: answer.MessageId, accepted: allAddresses(email), rejected: [] }
    },
    close: async () => client.destroy(),
  }
}

interface SesError {
  name: string
  message: string
  $metadata: { httpStatusCode?: number }
  $response: { statusCode?: number; headers?: Record<string, string> }
}

function inputOf({
  from,
  to,
  cc,
  bcc,
  replyTo,
  subject,
  text,
  html,
  attachments,
  headers,
}: Email): SendEmailCommandInput {
  const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' })
  return {
    FromEmailAddress: formatAddress(from),
    Destination: {
      ToAddresses: to.map(formatAddress),
      CcAddresses: cc.map(formatAddress),
      BccAddresses: bcc.map(formatAddress),
    },
    ReplyToAddresses: replyTo.map(formatAddress),
    Content: {
      Simple: {
        Subject: utf8(subject),
        Body: {
          ...(text === undefined ? {} : { Text: utf8(text) }),
          ...(html === undefined ? {} : { Html: utf8(html) }),
        },
        Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
        Attachments: attachments.map(({ filename, content, contentType, contentId }) => ({
          FileName: filename,
          RawContent: content,
          ContentType: contentType,
          ...(contentId === undefined
            ? { ContentDisposition: 'ATTACHMENT' as const }
            : { ContentDisposition: 'INLINE' as const, ContentId: contentId }),
        })),
      },
    },
  }
}
