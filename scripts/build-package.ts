import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, glob, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/**
 * Builds `lib/infrastructure` as the package that services install. `npm run package` builds it into `dist/` and packs it
 * there, on whatever Node this machine has.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** Small, and in the public types: every user needs them. All else is an SDK that comes only with its adapter. */
const ALWAYS = ['zod', 'ulid']

interface RootPackage {
  name: string
  version: string
  description: string
  license: string
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

/** Compiles and writes the package into `folder`, replacing what is there. Rejects with the compiler's messages. */
export async function buildPackage(folder = join(ROOT, 'dist')): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await compile(folder)
  const root = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as RootPackage
  const manifest = {
    name: root.name,
    version: root.version,
    description: 'The infrastructure layer of Node services: ports, adapters, and the fleet they report to.',
    license: root.license,
    type: 'module',
    sideEffects: false,
    engines: { node: '>=22' },
    exports: await packageExports(),
    ...(await dependencies(folder, root)),
  }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  for (const file of ['LICENSE', 'README.md']) {
    if (existsSync(join(ROOT, file))) await copyFile(join(ROOT, file), join(folder, file))
  }
}

async function compile(folder: string): Promise<void> {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  try {
    await promisify(execFile)(process.execPath, [tsc, '-p', join(ROOT, 'tsconfig.lib.json'), '--outDir', folder])
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
    throw new Error(`The package does not compile:\n${output}`, { cause: error })
  }
}

/** One entry for each capability that has a public face, one for what its adapters must pass, and the core. */
async function packageExports() {
  const entries = { './core': built('./core/index') }
  for (const capability of (await readdir(join(ROOT, 'lib/infrastructure'))).sort()) {
    const folder = join(ROOT, 'lib/infrastructure', capability)
    if (!existsSync(join(folder, 'index.ts'))) continue
    Object.assign(entries, { [`./${capability}`]: built(`./infrastructure/${capability}/index`) })
    if (existsSync(join(folder, `${capability}.contract.ts`)))
      Object.assign(entries, {
        [`./${capability}/contract`]: built(`./infrastructure/${capability}/${capability}.contract`),
      })
  }
  return entries
}

const built = (file: string) => ({ types: `${file}.d.ts`, default: `${file}.js` })

/** What the built files really import, in the versions that are tested here. */
async function dependencies(folder: string, root: RootPackage) {
  const imported = new Set<string>()
  for await (const file of glob('**/*.{js,d.ts}', { cwd: folder })) {
    for (const name of importedPackages(await readFile(join(folder, file), 'utf8'))) imported.add(name)
  }
  const names = [...imported].sort()
  // A contract suite is a vitest suite, and SDKs that only tests need here are a user's choice: optional peers like the rest.
  const versionOf: Record<string, string> = { ...root.devDependencies, ...root.dependencies }
  const unknown = names.filter(name => !versionOf[name])
  if (unknown.length > 0) throw new Error(`The package imports what is no dependency: ${unknown.join(', ')}`)
  const peers = names.filter(name => !ALWAYS.includes(name))
  const versions = (list: string[]) => Object.fromEntries(list.map(name => [name, `^${versionOf[name]}`]))
  return {
    dependencies: versions(names.filter(name => ALWAYS.includes(name))),
    peerDependencies: versions(peers),
    peerDependenciesMeta: Object.fromEntries(peers.map(name => [name, { optional: true }])),
  }
}

/** Names of the packages that a compiled file imports, statically, dynamically or as a type. */
export function importedPackages(source: string): string[] {
  const specifiers = source.matchAll(/(?:(?<!['"])\bfrom\s*|\bimport\s*\(\s*|^import\s*)['"]([^'".\s][^'"\s]*)['"]/gm)
  const names = [...specifiers].map(([, specifier = '']) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier)
  return [...new Set(names)].filter(name => !isBuiltin(name))
}

if (import.meta.main) {
  const folder = join(ROOT, 'dist')
  await buildPackage(folder)
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { stdout } = await promisify(execFile)(npm, ['pack', '--silent'], { cwd: folder, shell: npm === 'npm.cmd' })
  process.stdout.write(`✓ ${join(folder, stdout.trim())}\n`)
}
