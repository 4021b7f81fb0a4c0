/** What an empty page needs to teach: the real address of this console's Redis, and the environment's name. */
export interface Joining {
  redisUrl: string
  environment: string
}

interface TaughtPart {
  /** The import and the lines that make it. */
  imports: string
  lines: readonly string[]
  /** What it is called, there and as an option of joinFleet. */
  name: string
}

/** The lines that make a process appear here, with one part of it where the page is about that. Short: they are read on phones too. */
export function joiningLines({ redisUrl, environment }: Joining, part?: TaughtPart): string {
  return [
    ...(part ? [part.imports] : []),
    "import { joinFleet } from 'substation/fleet'",
    '',
    ...(part ? [...part.lines, ''] : []),
    'await joinFleet({',
    `  redisUrl: '${redisUrl}',`,
    `  environment: '${environment}',`,
    "  service: 'checkout',",
    ...(part ? [`  ${part.name},`] : []),
    '}).start()',
  ].join('\n')
}
