import type { Email } from '../port.ts'

/** To whom an email goes: APIs that accept it accept it for all of them. */
export const allAddresses = ({ to, cc, bcc }: Email): string[] => [...to, ...cc, ...bcc].map(({ email }) => email)
