import { loadAdapter } from '../../core/load-adapter.ts'
import type { Supabase, SupabaseSettings } from './port.ts'

/** A project of Supabase. Nothing is sent before the first call of a repository. */
export async function createSupabase(settings: SupabaseSettings): Promise<Supabase> {
  const { supabaseProject } = await loadAdapter('Supabase', () => import('./adapters/postgrest-store.ts'))
  return supabaseProject(settings)
}
