import { promises as dns } from 'node:dns'
import { domainToASCII } from 'node:url'
import { isAddress } from './address.ts'

/** What asks the DNS: `node:dns/promises` or its Resolver. */
export interface MailResolver {
  resolveMx(domain: string): Promise<{ exchange: string; priority: number }[]>
  resolve4(domain: string): Promise<string[]>
  resolve6(domain: string): Promise<string[]>
}

export interface AddressCheckOptions {
  /** Also asks the DNS whether the domain receives mail. */
  mx?: boolean
  resolver?: MailResolver
  /** Domains of addresses that are thrown away; their subdomains count too. */
  disposable?: ReadonlySet<string>
}

/** `unknown`: the DNS did not answer, so nothing was found against it. */
export type AddressCheck =
  | { valid: true; unknown?: true }
  | { valid: false; reason: 'syntax' | 'disposable' | 'no-mail-server' }

/** Codes of the DNS for a name that does not exist or has no such record. */
const ABSENT = new Set(['ENOTFOUND', 'ENODATA'])

export async function checkAddress(
  address: string,
  { mx = false, resolver = dns, disposable }: AddressCheckOptions = {},
): Promise<AddressCheck> {
  if (!isAddress(address)) return { valid: false, reason: 'syntax' }
  const domain = domainToASCII(address.slice(address.lastIndexOf('@') + 1))
  if (disposable && parentsOf(domain).some(parent => disposable.has(parent)))
    return { valid: false, reason: 'disposable' }
  if (!mx) return { valid: true }
  const receives = await receivesMail(domain, resolver)
  if (receives === undefined) return { valid: true, unknown: true }
  return receives ? { valid: true } : { valid: false, reason: 'no-mail-server' }
}

/** RFC 5321 section 5.1: a domain without MX is its own mail server; RFC 7505: one with an empty MX receives nothing. */
async function receivesMail(domain: string, resolver: MailResolver): Promise<boolean | undefined> {
  const servers = await found(() => resolver.resolveMx(domain))
  if (servers === undefined) return undefined
  if (servers.length > 0) return servers.some(({ exchange }) => exchange !== '' && exchange !== '.')
  const addresses = await Promise.all([found(() => resolver.resolve4(domain)), found(() => resolver.resolve6(domain))])
  if (addresses.some(each => each !== undefined && each.length > 0)) return true
  return addresses.includes(undefined) ? undefined : false
}

/** Undefined: it could not be asked. */
async function found<T>(ask: () => Promise<T[]>): Promise<T[] | undefined> {
  try {
    return await ask()
  } catch (error) {
    return ABSENT.has(String((error as { code?: unknown }).code)) ? [] : undefined
  }
}

const parentsOf = (domain: string) => domain.split('.').map((_, n, labels) => labels.slice(n).join('.'))
