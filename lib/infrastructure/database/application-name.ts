import { hostname } from 'node:os'

/** A name for the connections of this process: `checkout web-1:4242`. The host and the pid are as the fleet names a process without an instance. */
export const applicationNameOf = (service: string) => `${service} ${hostname()}:${process.pid}`
