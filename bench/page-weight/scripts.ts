import { gzipSync } from 'node:zlib'
import type { BrowserContext, Page } from '@playwright/test'

export interface Weight {
  /** Scripts the browser had requested when the page was loaded, kB (1,000 bytes) of gzip. */
  loaded: number
  /** Those and the ones it fetched automatically after it. */
  settled: number
  /** Addresses of the same page with a query, as the page links to them. */
  variants: string[]
}

/** Without a new script for this long, the page counts as settled (ms). */
const QUIET = 1_500
const AT_MOST = 8_000

/** Opens an address and weighs its scripts; undefined when it was redirected. Sizes are kept in `known`, by address. */
export async function weigh(context: BrowserContext, address: string, known: Map<string, number>) {
  const page = await context.newPage()
  try {
    const scripts = new Set<string>()
    let newest = performance.now()
    page.on('request', request => {
      if (request.resourceType() !== 'script') return
      scripts.add(request.url())
      newest = performance.now()
    })
    await page.goto(address, { waitUntil: 'load' })
    const loaded = [...scripts]
    const deadline = performance.now() + AT_MOST
    while (performance.now() - newest < QUIET && performance.now() < deadline) await page.waitForTimeout(100)
    if (new URL(page.url()).pathname !== new URL(address).pathname) return
    for (const url of scripts) if (!known.has(url)) known.set(url, await read(context, url))
    const found = (urls: Iterable<string>) => [...urls].flatMap(url => known.get(url) ?? [])
    const sum = (list: number[]) => list.reduce((total, kb) => total + kb, 0)
    return {
      loaded: sum(found(loaded)),
      settled: sum(found(scripts)),
      variants: await variantsOf(page),
    } satisfies Weight
  } finally {
    await page.close()
  }
}

/** In kB of gzip. */
async function read(context: BrowserContext, url: string): Promise<number> {
  const response = await context.request.get(url)
  if (!response.ok()) throw new Error(`${url} answered ${response.status()}`)
  return gzipSync(await response.body()).length / 1_000
}

/** One address for each set of parameters: a sheet has its own address, and may load more scripts. */
async function variantsOf(page: Page): Promise<string[]> {
  const hrefs = await page.evaluate(() => [...document.links].map(link => link.href))
  const here = new URL(page.url())
  const found = new Map<string, string>()
  for (const href of hrefs) {
    const url = new URL(href)
    if (url.origin !== here.origin || url.pathname !== here.pathname || url.search === '') continue
    const names = [...new Set(url.searchParams.keys())].sort().join()
    if (!found.has(names)) found.set(names, `${url.pathname}${url.search}`)
  }
  return [...found.values()]
}
