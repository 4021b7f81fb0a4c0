import { expect, test } from 'vitest'
import { parameterNames } from './parameter-names'

test('a parameter is a colon right before a name, outside of texts, names, comments and casts', () => {
  expect(parameterNames('select :b, id::int, :A from t where x = :b -- :no\n and y > :c_1')).toEqual(['b', 'a', 'c_1'])
  expect(parameterNames(`select ':no', 'it''s :no', ":no", /* :no */ now()::date, ': no' -- it's :no`)).toEqual([])
  expect(parameterNames("select 'never ends :no")).toEqual([])
})
