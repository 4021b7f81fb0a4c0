import { render, toPlainText } from '@react-email/render'
import type { ReactElementLike } from '../template.ts'

/** HTML of a React element, as mail clients read it. */
export const renderElement = (element: ReactElementLike): Promise<string> =>
  render(element as unknown as Parameters<typeof render>[0])

/** Text for clients that show no HTML. */
export const textOf = (html: string): string => toPlainText(html)
