import { deserialize, serialize } from 'node:v8'

/**
 * How values become bytes and come back. `decode` gets what `encode` returned, text as UTF-8; whatever it throws is a miss. All
 * processes that share a cache need the same one: an entry of another codec is a miss.
 */
export interface CacheCodec {
  /** Stored with every entry. */
  readonly name: string
  encode(value: unknown): string | Uint8Array
  decode(payload: Buffer): unknown
}

/** Plain data. Dates become text, as always in JSON. */
export const jsonCodec: CacheCodec = {
  name: 'json',
  encode(value) {
    const text = JSON.stringify(value)
    if (text === undefined) throw new TypeError(typeof value)
    return text
  },
  decode: payload => JSON.parse(payload.toString()),
}

/** What structured clone can copy: also Date, Map, Set, BigInt, RegExp, Error and typed arrays. Only Node processes can read it. */
export const structuredCloneCodec: CacheCodec = {
  name: 'v8',
  encode: serialize,
  decode: deserialize,
}
