/** What is a secret by its shape, whatever its name. Only what can be told with little doubt: checksums, and the prefixes that vendors give their keys. */

/** Digits in groups, as cards are written and typed. */
const DIGITS = /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])/g
/** Issuers by their first digits (ISO/IEC 7812) with the lengths they use. Times in ms and most ids begin with others. */
const ISSUERS: readonly RegExp[] = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^3(?:0[0-5]|[68]\d)\d{11}$/,
  /^(?:6011|65\d{2}|64[4-9]\d)\d{12}$/,
  /^35(?:2[89]|[3-8]\d)\d{12}$/,
  /^62\d{14}$/,
]
/** Country, check digits, up to thirty letters and digits (ISO 13616), in groups of four or not. */
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g

const TOKENS: readonly RegExp[] = [
  // JSON Web Tokens: both parts begin with `{"`.
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b(?:sk|rk|pk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}\b/g,
  /\bsk-[\w-]{20,}/g,
  /\b(?:gh[oprsu]_[A-Za-z0-9]{36,}|github_pat_\w{40,})\b/g,
  /\bxox[abeoprs]-[\w-]{10,}/g,
  /\bAIza[\w-]{35}/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
]

/** Luhn's checksum over an issuer's number. */
export function isCardNumber(digits: string): boolean {
  if (!ISSUERS.some(issuer => issuer.test(digits))) return false
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at])
    const doubled = at % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** ISO 7064 MOD 97-10: the first four characters moved to the end, letters as numbers from 10, divided by 97, leave 1. */
function isIban(text: string): boolean {
  const plain = text.replaceAll(' ', '')
  if (plain.length < 15 || plain.length > 34) return false
  let rest = 0
  for (const character of plain.slice(4) + plain.slice(0, 4))
    for (const digit of String(Number.parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}

/** The text with each of them replaced. */
export function maskShapes(text: string, hidden: string): string {
  let masked = text
  for (const token of TOKENS) masked = masked.replace(token, hidden)
  return masked
    .replace(DIGITS, found => (isCardNumber(found.replace(/\D/g, '')) ? hidden : found))
    .replace(IBAN, found => (isIban(found) ? hidden : found))
}
