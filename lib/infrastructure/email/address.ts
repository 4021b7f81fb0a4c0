import { domainToASCII } from 'node:url'
import { z } from 'zod'
import { type AddressLike, type EmailAddress, EmailError } from './port.ts'

const SYNTAX = z.email()

/** Control characters except a tab: a line break would end the header that a text stands in. */
const CONTROL = /[^\P{Cc}\t]/u

export const invalid = (message: string) => new EmailError(message, { code: 'EMAIL_INVALID', notDone: true })

/** Refuses what would begin another header. */
export function assertOneLine(what: string, text: string): void {
  if (CONTROL.test(text)) throw invalid(`${what} has a line break or another control character`)
}

export function isAddress(address: string): boolean {
  const at = address.lastIndexOf('@')
  if (at < 1 || at > 64 || address.length > 254) return false
  const domain = domainToASCII(address.slice(at + 1))
  return domain !== '' && SYNTAX.safeParse(`${address.slice(0, at)}@${domain}`).success
}

/** Rejects with EMAIL_INVALID for what no server would take. */
export function parseAddress(address: AddressLike): EmailAddress {
  const given = typeof address === 'string' ? partsOf(address) : address
  const email = given.email.trim()
  assertOneLine('An address', email)
  if (!isAddress(email)) throw invalid(`${email === '' ? 'An empty text' : email} is not an email address`)
  if (given.name === undefined || given.name === '') return { email }
  assertOneLine('The name of an address', given.name)
  return { email, name: given.name }
}

export function parseAddresses(addresses: AddressLike | readonly AddressLike[] | undefined): EmailAddress[] {
  if (addresses === undefined) return []
  return (Array.isArray(addresses) ? addresses : [addresses as AddressLike]).map(parseAddress)
}

function partsOf(address: string): EmailAddress {
  const [, name = '', email = address] = /^\s*(.*?)\s*<([^<>]*)>\s*$/s.exec(address) ?? []
  return { email, name: name.replace(/^"(.*)"$/s, '$1').replaceAll('\\"', '"') }
}

/** As a header has it: quoted where it needs to be. */
export function formatAddress({ email, name }: EmailAddress): string {
  if (name === undefined) return email
  return /^[\p{L}\p{N} !#$%&'*+/=?^_`{|}~-]*$/u.test(name)
    ? `${name} <${email}>`
    : `"${name.replace(/[\\"]/g, '\\$&')}" <${email}>`
}
