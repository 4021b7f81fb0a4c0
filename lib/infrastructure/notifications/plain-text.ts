import type { Content } from './channel.ts'

/** The content as one text: for channels that have no title and no link of their own. */
export const plainText = ({ title, text, url }: Content): string =>
  [title, text, url].filter(part => part !== undefined && part !== '').join('\n')
