import type { MessageNote, Messages } from '../messages/index.ts'

const MOST = 500

/** Notes what happened, together with what else happened while the last notes were written. */
export function noteWriter(messages: Messages, onError: (error: unknown) => void) {
  let waiting: { notes: readonly MessageNote[]; done(): void }[] = []
  let isWriting = false
  async function write(): Promise<void> {
    isWriting = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST)
      waiting = waiting.slice(MOST)
      try {
        await messages.note(batch.flatMap(({ notes }) => notes))
      } catch (error) {
        // The email is sent all the same: an error here must not have it sent again.
        onError(error)
      }
      for (const { done } of batch) done()
    }
    isWriting = false
  }
  return (notes: readonly MessageNote[]): Promise<void> =>
    new Promise(done => {
      waiting.push({ notes, done })
      if (!isWriting) void write()
    })
}

export type NoteWriter = ReturnType<typeof noteWriter>
