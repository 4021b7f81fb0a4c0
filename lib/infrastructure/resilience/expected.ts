import { codeOf } from './error-text.ts'
import type { BreakerOptions, ErrorClass, ExpectedError } from './port.ts'

/** Whether an error is expected by `isExpected` or by any of `expected`; undefined when the options expect none. */
export function expectationOf({
  name,
  isExpected,
  expected = [],
}: Pick<BreakerOptions, 'name' | 'isExpected' | 'expected'>): ((error: unknown) => boolean) | undefined {
  const tests = [...(isExpected === undefined ? [] : [isExpected]), ...expected.map(toTest)]
  if (tests.length === 0) return
  return error => {
    try {
      return tests.some(test => test(error))
    } catch (broken) {
      // The caller must get the error of its call, not this one; and what is not known to be expected counts.
      const words = broken instanceof Error ? broken.message : String(broken)
      process.emitWarning(`${name}: a test for expected errors failed: ${words}`, 'BreakerOptionsWarning')
      return false
    }
  }
}

function toTest(expected: ExpectedError): (error: unknown) => boolean {
  if (typeof expected === 'string') return error => codeOf(error) === expected
  if (isErrorClass(expected)) return error => error instanceof expected
  return expected
}

function isErrorClass(value: Exclude<ExpectedError, string>): value is ErrorClass {
  return value === Error || value.prototype instanceof Error
}
