import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Snippet {
  /** The page and the line the snippet starts on, such as `docs/queues.md:12`. */
  at: string
  code: string
}

/** The TypeScript of the docs that stands alone: what imports something. The rest are excerpts, which their page says. */
export function wholeSnippets(root: string): Snippet[] {
  const pages = ['README.md', ...readdirSync(join(root, 'docs')).map(name => join('docs', name))]
  return pages
    .filter(page => page.endsWith('.md'))
    .flatMap(page => snippetsOf(page, readFileSync(join(root, page), 'utf8')))
    .filter(({ code }) => /^import /m.test(code))
}

function snippetsOf(page: string, text: string): Snippet[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    if (line !== '```ts') return []
    const end = lines.indexOf('```', index)
    return [{ at: `${page}:${index + 2}`, code: `${lines.slice(index + 1, end).join('\n')}\n` }]
  })
}
