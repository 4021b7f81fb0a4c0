import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { parseJson } from '../../../../core/json.ts'

/** Where the next page begins: after these values of the primary key, or after so many rows. */
const Place = z.union([z.object({ keys: z.array(z.string()) }), z.object({ offset: z.number().int().positive() })])
export type Place = z.output<typeof Place>

/**
 * Encrypts and authenticates places. They hold values of keys, which may have to stay hidden; and a made-up one would find such a value out by halves.
 * `list`: what the place is in; a cursor of another list is not accepted.
 */
export function cursors(secret: string, list: readonly string[]) {
  const key = createHash('sha256').update(`cursor:${secret}`).digest()
  const about = Buffer.from(JSON.stringify(list))
  return {
    seal(place: Place): string {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(about)
      const sealed = Buffer.concat([cipher.update(JSON.stringify(place)), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
    },
    /** Undefined for one that this console did not make for this list. */
    open(cursor: string): Place | undefined {
      const bytes = Buffer.from(cursor, 'base64url')
      if (bytes.length <= 28) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
          .setAAD(about)
          .setAuthTag(bytes.subarray(12, 28))
        const opened = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString()
        return Place.safeParse(parseJson(opened)).data
      } catch {
        return undefined
      }
    },
  }
}
export type Cursors = ReturnType<typeof cursors>
