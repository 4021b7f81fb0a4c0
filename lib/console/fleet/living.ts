import type { FleetProcess } from './port.ts'

/** Whether a process tells of itself, if late: it can be asked and told. */
export const isLiving = ({ state }: Pick<FleetProcess, 'state'>) => state === 'up' || state === 'late'
