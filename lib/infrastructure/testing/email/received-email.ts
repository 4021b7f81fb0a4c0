import type { Fault, ReceivedEmail } from '../../email/email.contract.ts'

/** Emails that came, and what goes wrong next. */
export function inbox() {
  const emails: ReceivedEmail[] = []
  let fault: { fault: Fault; left: number } | undefined
  let arrived: (() => void)[] = []
  return {
    emails,
    add(email: ReceivedEmail) {
      emails.push(email)
      for (const resolve of arrived) resolve()
      arrived = []
    },
    fail(next: Fault, times = 1) {
      fault = { fault: next, left: times }
    },
    nextFault(): Fault | undefined {
      if (!fault || fault.left === 0) return undefined
      fault.left--
      return fault.fault
    },
    /** Resolves once the next email has come. */
    nextArrival: () => new Promise<void>(resolve => arrived.push(resolve)),
  }
}

export type Inbox = ReturnType<typeof inbox>

export interface EmailServer extends Pick<Inbox, 'emails' | 'fail' | 'nextArrival'> {
  url: string
  close(): Promise<void>
}

/** The address in `Mia <mia@example.com>`. */
export const bareAddress = (address: string) => /<([^<>]+)>\s*$/.exec(address)?.[1] ?? address

export const lowerKeys = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
