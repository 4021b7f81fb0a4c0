import { notifyFailure } from '@/components/ui/toast'
import { post } from './ask'

/** Asks for a file by POST, for what must stand in no address, and saves it under `name`. A refusal is told. */
export async function saveFile(path: string, body: unknown, name: string): Promise<void> {
  const outcome = await post<Blob>(path, body, response => response.blob())
  if (!outcome.ok) return notifyFailure(outcome.error.message, { description: outcome.error.nextStep })
  const url = URL.createObjectURL(outcome.value)
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  // Some browsers read it only after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
