import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Inbox, InboxChange } from './inbox.ts'

export interface InboxUnderTest {
  inbox: Inbox
  /** Over the same store, as another process has it. */
  another(): Promise<Inbox>
  close(): Promise<void>
}

/** What an inbox guarantees, whatever keeps it. */
export function inboxContract(name: string, setup: () => Promise<InboxUnderTest>): void {
  describe(`${name} keeps the contract of inboxes`, () => {
    let under: InboxUnderTest
    let inbox: Inbox
    beforeEach(async () => {
      under = await setup()
      inbox = under.inbox
    })
    afterEach(() => under.close())
    const addThree = () =>
      ['one', 'two', 'three'].reduce<Promise<string[]>>(async (ids, text) => {
        const before = await ids
        return [...before, await inbox.add('ada', { text }, text)]
      }, Promise.resolve([]))
    const texts = async (options = {}) => (await inbox.list('ada', options)).map(({ text }) => text)

    test('an entry keeps all of its content, and belongs to its recipient', async () => {
      const content = {
        title: 'Order 7',
        text: 'it is\u0000on its way',
        url: 'https://shop.example/7',
        data: { order: '7' },
      }
      const id = await inbox.add('ada', content, 'a')
      const [entry] = await inbox.list('ada')
      expect(entry).toMatchObject({ ...content, id, recipient: 'ada', text: expect.stringContaining('on its way') })
      expect(entry?.readAt).toBeUndefined()
      expect(await inbox.list('bob')).toEqual([])
    })

    test('the same key adds once, whoever adds and however often', async () => {
      const other = await under.another()
      const add = (from: Inbox) => from.add('ada', { text: 'once' }, 'a')
      const ids = await Promise.all([add(inbox), add(other), add(inbox), add(other), add(inbox)])
      expect(new Set(ids).size).toBe(1)
      expect(await inbox.add('bob', { text: 'other' }, 'a')).not.toBe(ids[0])
      expect(await texts()).toEqual(['once'])
    })

    test('pages are newest first and go on where the last one ended', async () => {
      const [, second] = await addThree()
      expect(await texts({ limit: 2 })).toEqual(['three', 'two'])
      expect(await texts({ limit: 2, before: second })).toEqual(['one'])
    })

    test('read, unread and archived entries are counted and listed as such', async () => {
      const [first = '', second = ''] = await addThree()
      expect(await inbox.unread('ada')).toBe(3)
      expect(await inbox.markRead('ada', [first])).toBe(1)
      expect(await inbox.markRead('ada', [first])).toBe(0)
      expect(await inbox.markRead('ada', [])).toBe(0)
      expect(await inbox.unread('ada')).toBe(2)
      expect(await texts({ unread: true })).toEqual(['three', 'two'])
      expect(await inbox.archive('ada', [second])).toBe(1)
      expect(await inbox.unread('ada')).toBe(1)
      expect(await texts()).toEqual(['three', 'one'])
      expect(await texts({ archived: true })).toEqual(['two'])
      expect(await inbox.unarchive('ada', 'all')).toBe(1)
      expect(await inbox.markUnread('ada', 'all')).toBe(1)
      expect(await inbox.unread('ada')).toBe(3)
      expect(await inbox.markRead('ada', 'all')).toBe(3)
      expect((await inbox.list('ada'))[0]?.readAt).toBeGreaterThan(1_700_000_000_000)
      expect(await inbox.archive('ada', 'all')).toBe(3)
      expect((await inbox.list('ada', { archived: true }))[0]?.archivedAt).toBeGreaterThan(1_700_000_000_000)
    })

    test('no one changes the entries of someone else', async () => {
      const [first = ''] = await addThree()
      expect(await inbox.markRead('bob', [first])).toBe(0)
      expect(await inbox.unread('ada')).toBe(3)
    })

    test('changes are heard as they happen, by others too, until one stops listening', async () => {
      const heard: InboxChange[] = []
      const foreign: InboxChange[] = []
      const other = await under.another()
      const stop = await other.watch('ada', change => heard.push(change))
      await other.watch('bob', change => foreign.push(change))
      const id = await inbox.add('ada', { text: 'one' }, 'a')
      await inbox.add('ada', { text: 'one' }, 'a')
      await inbox.markRead('ada', 'all')
      await inbox.markRead('ada', 'all')
      await inbox.archive('ada', [id])
      const expected = [
        { kind: 'added', id },
        { kind: 'read', ids: [id] },
        { kind: 'archived', ids: [id] },
      ]
      await expect.poll(() => heard).toEqual(expected)
      stop()
      await inbox.unarchive('ada', 'all')
      await inbox.add('bob', { text: 'last' }, 'b')
      await expect.poll(() => foreign).toHaveLength(1)
      expect(heard).toHaveLength(3)
    })

    test('a watcher that fails does not keep others from hearing it', async () => {
      const heard: InboxChange[] = []
      await inbox.watch('ada', () => {
        throw new Error('broken')
      })
      const stop = await inbox.watch('ada', change => heard.push(change))
      await inbox.add('ada', { text: 'one' }, 'a')
      await expect.poll(() => heard).toHaveLength(1)
      stop()
    })

    test('old entries are removed, and so are their keys', async () => {
      const [first] = await addThree()
      expect(await inbox.removeOlderThan(3_600_000)).toBe(0)
      await expect.poll(() => inbox.removeOlderThan(-1_000, { limit: 1 })).toBe(1)
      expect(await texts()).toEqual(['three', 'two'])
      expect(await inbox.add('ada', { text: 'again' }, 'one')).not.toBe(first)
    })
  })
}
