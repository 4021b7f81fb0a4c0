import { assertOneLine, invalid, parseAddress, parseAddresses } from './address.ts'
import type { AddressLike, Email, EmailAddress, EmailAttachment, NewEmail, Unsubscribe } from './port.ts'

/** Headers that the email's own fields make. */
const OWN =
  /^(from|to|cc|bcc|reply-to|subject|date|sender|return-path|message-id|mime-version|content-.*|list-unsubscribe.*)$/i

/** Checks an email and brings it into the shape that providers are given. Throws EMAIL_INVALID. */
export function composeEmail(given: NewEmail, defaults: { from?: AddressLike | undefined } = {}): Email {
  const from = given.from ?? defaults.from
  if (from === undefined) throw invalid('An email needs a sender')
  const known = new Set<string>()
  const recipients = {
    to: parseAddresses(given.to).filter(isNew),
    cc: parseAddresses(given.cc).filter(isNew),
    bcc: parseAddresses(given.bcc).filter(isNew),
  }
  /** Some vendors refuse an email that names an address twice. */
  function isNew({ email }: EmailAddress): boolean {
    const before = known.size
    return known.add(email.toLowerCase()).size > before
  }
  if (Object.values(recipients).every(({ length }) => length === 0)) throw invalid('An email needs a recipient')
  if (!given.text && !given.html) throw invalid('An email needs text or HTML')
  if (given.subject.trim() === '') throw invalid('An email needs a subject')
  assertOneLine('The subject', given.subject)
  return {
    from: parseAddress(from),
    ...recipients,
    replyTo: parseAddresses(given.replyTo),
    subject: given.subject,
    ...(given.text ? { text: given.text } : {}),
    ...(given.html ? { html: given.html } : {}),
    attachments: (given.attachments ?? []).map(checkedAttachment),
    headers: { ...checkedHeaders(given.headers ?? {}), ...unsubscribeHeaders(given.unsubscribe) },
  }
}

function checkedAttachment({
  filename,
  content,
  contentType,
  contentId,
}: EmailAttachment): Email['attachments'][number] {
  assertOneLine('The name of an attachment', filename)
  if (contentType !== undefined && !/^[\w.+-]+\/[\w.+-]+(;[ -~]*)?$/.test(contentType))
    throw invalid(`${filename} has no content type that can be sent`)
  if (contentId !== undefined && !/^[\w.@+-]+$/.test(contentId))
    throw invalid(`The content id of ${filename} may have letters, digits and . @ + - _`)
  return {
    filename,
    content: Buffer.from(content as Uint8Array),
    contentType: contentType ?? 'application/octet-stream',
    contentId,
  }
}

function checkedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!-9;-~]+$/.test(name)) throw invalid('A header has a name that cannot be sent')
    if (OWN.test(name)) throw invalid(`The header ${name} is made from the email's own fields`)
    assertOneLine(`The header ${name}`, value)
  }
  return { ...headers }
}

/** RFC 2369; with an https address in one click (RFC 8058). */
function unsubscribeHeaders(unsubscribe: Unsubscribe | undefined): Record<string, string> {
  if (unsubscribe === undefined) return {}
  const { url, email } = unsubscribe
  if (url !== undefined && !/^https:\/\/[!-;=?-~]+$/.test(url))
    throw invalid('The address to unsubscribe at must be an https address')
  const places = [
    ...(url === undefined ? [] : [`<${url}>`]),
    ...(email === undefined ? [] : [`<mailto:${parseAddress(email).email}>`]),
  ]
  if (places.length === 0) return {}
  return {
    'List-Unsubscribe': places.join(', '),
    ...(url === undefined ? {} : { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
  }
}
