import { durability } from './durability.ts'
import { limits } from './limits.ts'
import { memory } from './memory.ts'
import { observing } from './observing.ts'
import type { Verdict } from './rule.ts'
import type { ServerSettings } from './settings.ts'

/** What should be looked at about a setting, with its reasons. */
export interface Advice extends Pick<Verdict, 'kind' | 'title' | 'why'> {
  setting: string
  /** SQL, ready to be run. */
  statement: string
}

const RULES = [...durability, ...limits, ...memory, ...observing]
const KINDS = ['danger', 'advice', 'question'] as const

/** What should be looked at, the dangerous first. Nothing about a setting that could not be read. */
export function adviceOn({ settings, overrides, evidence }: ServerSettings): Advice[] {
  const known = new Map(settings.map(setting => [setting.name, setting]))
  const found = RULES.flatMap(({ setting: name, judge }): Advice[] => {
    const setting = known.get(name)
    const overridden = overrides.some(one => one.name === name && !/^0\D*$/.test(one.value))
    const verdict = setting && judge(setting, { evidence, overridden })
    if (!verdict) return []
    const { kind, title, why, to } = verdict
    return [
      { setting: name, kind, title, why, statement: typeof to === 'string' ? changing(setting, to) : to.statement },
    ]
  })
  return found.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
}

function changing({ name, context }: { name: string; context: string }, to: string): string {
  const then = context === 'postmaster' ? '-- then restart the server' : 'SELECT pg_reload_conf();'
  return `ALTER SYSTEM SET ${name} = '${to}';\n${then}`
}
