import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { journeysOf } from './journeys.ts'
import { readModules, testsReached } from './reached-tests.ts'

export interface Changed {
  /** The commit that the change is compared with. */
  since: string
  /** Relative to the repository, those not committed and not known to git among them. */
  files: string[]
  /** Files of unit tests that the change can reach. */
  tests: string[]
  /** Files of journeys that the change can reach. */
  journeys: string[]
}

/** What has changed since the branch left `main`; on `main` itself, since its last commit. `sources`: the folders that import each other. */
export function changedSince(root: string, sources: readonly string[]): Changed {
  const git = gitIn(root)
  const since = changeBase(root)
  const lines = (text: string) => text.split('\n').filter(line => line !== '')
  const files = [
    ...lines(git('diff', '--name-only', '--no-renames', since)),
    ...lines(git('ls-files', '--others', '--exclude-standard')),
  ]
  const tests = testsReached(files, readModules(root, sources)).filter(file => existsSync(join(root, file)))
  return { since, files, tests, journeys: journeysOf(files, root) }
}

/** The commit that a change is compared with: where the branch left `main`; on `main` itself, its last commit. */
export function changeBase(root: string): string {
  for (const main of ['main', 'origin/main']) {
    try {
      return gitIn(root)('merge-base', main, 'HEAD')
    } catch {
      // A clone of one branch has no `main`.
    }
  }
  return gitIn(root)('rev-parse', 'HEAD')
}

function gitIn(root: string) {
  return (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}
