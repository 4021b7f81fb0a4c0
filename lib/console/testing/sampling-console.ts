/** A console in a process of its own that prints when it samples, for the tests of what follows once it is killed. */
import { readFileSync } from 'node:fs'
import { Series } from '../series/resource.ts'
import { openTestConsole } from './open-test-console.ts'

const settings = JSON.parse(readFileSync(0, 'utf8')) as Parameters<typeof openTestConsole>[0]
const console = await openTestConsole(settings)
const environment = console.environment(settings.environments[0]?.name ?? '')
for (;;) {
  const state = await environment?.of(Series).state()
  if (state?.status === 'up' && state.data.leading) break
  await new Promise(resolve => setTimeout(resolve, 50))
}
process.stdout.write('leading\n')
// Until it is killed; not for ever, in case the test was aborted.
setTimeout(() => process.exit(0), 60_000)
