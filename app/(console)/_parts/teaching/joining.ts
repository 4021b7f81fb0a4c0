/** What an empty page needs to teach: the real address of this console's Redis, and the environment's name. */
export interface Joining {
  redisUrl: string
  environment: string
}

/** The lines that make a process appear here. */
export function joiningLines({ redisUrl, environment }: Joining, parts: readonly string[] = []): string {
  const own = parts.map(part => `, ${part}`).join('')
  return [
    "import { joinFleet } from 'substation/fleet'",
    '',
    `const redisUrl = '${redisUrl}'`,
    `await joinFleet({ redisUrl, environment: '${environment}', service: 'checkout'${own} }).start()`,
  ].join('\n')
}
