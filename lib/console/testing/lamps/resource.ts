import { defineResource } from '../../platform/environment/resource.ts'

export interface LampSwitches {
  readonly lit: Map<string, boolean>
  readonly open: boolean
}

/** Two lamps of an environment. */
export const Lamps = defineResource<LampSwitches>('lamps', () => {
  const lamps = {
    lit: new Map([
      ['porch', true],
      ['cellar', false],
    ]),
    open: false,
  }
  return {
    value: lamps,
    start: () => {
      lamps.open = true
    },
    close: () => {
      lamps.open = false
    },
  }
})
