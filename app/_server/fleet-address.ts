import { maskUrl } from '@/lib/infrastructure/config/index'
import { running } from './boot'

/** Where processes of this environment register, without the password: what the empty pages teach with. */
export async function fleetAddress(environment: string): Promise<string> {
  const { console } = await running()
  return maskUrl(console.environment(environment)?.settings.fleetRedisUrl ?? '')
}
