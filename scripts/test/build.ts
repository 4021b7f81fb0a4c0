import { join, resolve } from 'node:path'
import { buildConsole } from '../start/build.ts'

const root = resolve(import.meta.dirname, '..', '..')
const built = await buildConsole(root, join(root, '.substation', 'logs', 'build.log'))
process.stdout.write(built ? 'Built.\n' : 'Nothing has changed since the last build.\n')
