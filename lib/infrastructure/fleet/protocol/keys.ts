import { KEY_PREFIX } from './limits.ts'

/** Everything of one environment shares a hash tag, so that MGET works on a Redis Cluster. */
export function fleetKeys(environment: string) {
  const prefix = `${KEY_PREFIX}{${environment}}`
  return {
    /** ZSET: process id by the Redis time (ms) of its last heartbeat. */
    processes: `${prefix}:procs`,
    identity: (id: string) => `${prefix}:who:${id}`,
    beat: (id: string) => `${prefix}:beat:${id}`,
    detail: (id: string, domain: string) => `${prefix}:detail:${id}:${domain}`,
    /** Capped stream of events. */
    events: `${prefix}:events`,
    /** Capped stream of signed commands, and the channel that announces each. */
    commands: `${prefix}:commands`,
    /** Id of the last command, read with every heartbeat, so that a lost nudge delays a command by one heartbeat at most. */
    lastCommand: `${prefix}:commands:last`,
    commandsNudge: `${prefix}:commands:nudge`,
    /** One HASH per command: process id to its answer; the channel announces each answer with the command's id. */
    answers: (commandId: string) => `${prefix}:answers:${commandId}`,
    answersNudge: `${prefix}:answers:nudge`,
    /** HASH: override id to the signed override in force. */
    overrides: `${prefix}:overrides`,
  }
}

export type FleetKeys = ReturnType<typeof fleetKeys>

/** What may be part of a key, between colons and inside a hash tag. */
export const ENVIRONMENT_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/
