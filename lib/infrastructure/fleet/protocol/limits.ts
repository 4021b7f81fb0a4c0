/** Version this library writes; the console reads it and the one before. */
export const PROTOCOL_VERSION = 1

/** The beginning of every key of the fleet. */
export const KEY_PREFIX = 'sub:'

/** Durations in ms, sizes in bytes. */
export const BEAT_EVERY = 2_000
export const BEAT_EXPIRY = 7_000
export const BEAT_BYTES = 2_048
export const DETAIL_EVERY = 2_000
export const DETAIL_EXPIRY = 3_600_000
export const DETAIL_REFRESH = 1_200_000
export const DETAIL_BYTES = 65_536
export const IDENTITY_EXPIRY = 86_400_000
export const EVENTS_KEPT = 10_000
export const COMMANDS_KEPT = 1_000
export const ANSWERS_EXPIRY = 3_600_000

/** Three heartbeats missed: late. */
export const LATE_AFTER = 3 * BEAT_EVERY
/** No heartbeat for this long, without saying that it stops: lost. */
export const LOST_AFTER = 12_000
