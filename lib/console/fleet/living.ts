import type { FleetProcess } from './port.ts'

/** Whether a process reports, even if late: it can get commands. */
export const isLiving = ({ state }: Pick<FleetProcess, 'state'>) => state === 'up' || state === 'late'
