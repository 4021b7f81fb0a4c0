/** The fields of INFO. Sections are left out: no field is in two. */
export type Info = Readonly<Record<string, string>>

export function parseInfo(text: string): Info {
  return Object.fromEntries(
    text.split('\r\n').flatMap(line => {
      const colon = line.indexOf(':')
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)]] : []
    }),
  )
}

/** A field as a number; undefined where the server does not report it. */
export function figure(info: Info, field: string): number | undefined {
  const text = info[field]
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

/** `keys=3,expires=1` of every database, summed. */
export function keysOf(info: Info): { total: number; expiring: number } {
  let total = 0
  let expiring = 0
  for (const [field, text] of Object.entries(info)) {
    if (!/^db\d+$/.test(field)) continue
    total += Number(/keys=(\d+)/.exec(text)?.[1] ?? 0)
    expiring += Number(/expires=(\d+)/.exec(text)?.[1] ?? 0)
  }
  return { total, expiring }
}

export interface Replica {
  address: string
  state: string
  /** Bytes it is behind. */
  behind?: number
  lagSeconds?: number
}

/** `slave0:ip=…,port=…,state=…,offset=…,lag=…` */
export function replicasOf(info: Info): Replica[] {
  const offset = figure(info, 'master_repl_offset')
  return Object.entries(info).flatMap(([field, text]) => {
    if (!/^slave\d+$/.test(field)) return []
    const parts = Object.fromEntries(text.split(',').map(pair => pair.split('=') as [string, string]))
    const at = Number(parts.offset)
    return [
      {
        address: `${parts.ip}:${parts.port}`,
        state: parts.state ?? 'unknown',
        behind: offset === undefined || !Number.isFinite(at) ? undefined : Math.max(0, offset - at),
        lagSeconds: parts.lag === undefined ? undefined : Number(parts.lag),
      },
    ]
  })
}
