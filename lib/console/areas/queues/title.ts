const DEFAULT = 'bull:'

/** The displayed name of a queue: with its prefix, unless that is BullMQ's default. `key` is `prefix:name`. */
export const queueTitle = (key: string) =>
  key.startsWith(DEFAULT) && key.length > DEFAULT.length ? key.slice(DEFAULT.length) : key
