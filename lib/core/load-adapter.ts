import { InfrastructureError } from './errors.ts'

/** A package that the chosen adapter builds on is not installed. `package` is the name to install. */
export class MissingPackageError extends InfrastructureError {
  override readonly code = 'PACKAGE_MISSING'
  readonly package: string

  constructor(adapter: string, name: string, cause: unknown) {
    super(`${adapter} needs the package ${name}, which is not installed`, {
      cause,
      nextStep: `Run npm install ${name}, or choose another adapter.`,
    })
    this.package = name
  }
}

/**
 * Loads the module of an adapter once it is chosen. SDKs are optional peers: where one is not installed, this rejects with
 * MissingPackageError; any other error is thrown unchanged. `adapter` begins a sentence: "The memory layer of a cache".
 */
export async function loadAdapter<Module>(adapter: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (error) {
    const name = error instanceof Error ? /Cannot find (?:package|module) '([^'./][^']*)'/.exec(error.message)?.[1] : ''
    throw name ? new MissingPackageError(adapter, name, error) : error
  }
}
