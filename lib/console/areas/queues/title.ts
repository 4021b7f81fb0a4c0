const DEFAULT = 'bull:'

/** What a queue is called where people read it: with its prefix, unless that is BullMQ's default. `key` is `prefix:name`. */
export const queueTitle = (key: string) =>
  key.startsWith(DEFAULT) && key.length > DEFAULT.length ? key.slice(DEFAULT.length) : key
