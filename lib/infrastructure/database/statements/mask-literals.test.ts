import { expect, test } from 'vitest'
import { maskLiterals } from '../index.ts'

test.each([
  [
    "select * from customer where mailbox = 'ada@mail.example' and id = 7",
    "select * from customer where mailbox = '…' and id = ?",
  ],
  [
    "insert into t values ('it''s', -1.5e3, $1, E'a\\'b', $$x'y$$, $q$secret$q$)",
    "insert into t values ('…', -?, $1, '…', '…', '…')",
  ],
  ['select "Weird""Name1", col2 from t1', 'select "Weird""Name1", col2 from t1'],
  ["select 1 -- ada's card\n from /* 4242 */ t", 'select ?  \n from   t'],
  ["select * from t where name = 'cut off in the mid", "select * from t where name = '…'"],
  ["select x'ff', U&'caf\\00e9', date '2020-01-01'", "select '…', '…', date '…'"],
  ['select $tag$ cut off', "select '…'"],
  ['select "cut off', 'select "cut off'],
  ["select E'cut off \\", "select '…'"],
])('%s', (sql, masked) => {
  expect(maskLiterals(sql)).toBe(masked)
})

test('where a quote may or may not be escaped, nothing after it is shown', () => {
  expect(maskLiterals("select 'C:\\', 'secret' from t")).toBe("select '…' …")
  // One that is escaped for certain says nothing of a later one.
  expect(maskLiterals("select E'a\\'b', 'C:\\', secret' from t")).toBe("select '…', '…' …")
  expect(maskLiterals("select 1 /* it\\'s */ from t")).toBe('select ?   from t')
})
