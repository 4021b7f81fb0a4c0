import { Agent, request } from 'node:http'
import { endPlainly } from '../shared/parent.ts'

/** Shoppers: most look at a product, some at a category, some order. They are patient, but not without end. */
const storefront = process.env.DEMO_STOREFRONT_URL ?? ''
const perSecond = Number(process.env.DEMO_LOAD_RATE ?? 6)
const OUTSTANDING = 20

const agent = new Agent({ keepAlive: true, maxSockets: OUTSTANDING })
const CATEGORIES = ['cable', 'fuse', 'meter', 'relay', 'switch', 'transformer']
let turn = 0
let outstanding = 0

/** From 1 to `count`, the low ones far more often, as with anything that people buy. */
const popular = (count: number) => 1 + Math.floor(count * Math.random() ** 3)
const any = (count: number) => 1 + Math.floor(count * Math.random())

function visit() {
  if (outstanding >= OUTSTANDING) return
  turn++
  if (turn % 4 === 0) return ask('POST', '/orders', { product: popular(60), customer: any(80) })
  if (turn % 6 === 1) return ask('GET', `/categories/${CATEGORIES[turn % CATEGORIES.length]}`)
  // Now and then a link that was kept for too long.
  return ask('GET', `/products/${turn % 50 === 3 ? 9_999 : popular(60)}`)
}

function ask(method: string, path: string, send?: unknown) {
  outstanding++
  const call = request(storefront + path, {
    method,
    agent,
    timeout: 5_000,
    headers: { 'content-type': 'application/json' },
  })
  call.on('timeout', () => call.destroy())
  call.on('response', response => response.resume())
  // Whatever goes wrong is the shop's to notice.
  call.on('error', () => undefined)
  call.on('close', () => outstanding--)
  call.end(send === undefined ? undefined : JSON.stringify(send))
}

const timer = setInterval(visit, 1_000 / perSecond)
endPlainly(() => {
  clearInterval(timer)
  agent.destroy()
})
