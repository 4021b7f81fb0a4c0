/**
 * How often a connection checks whether a Redis that loads its data is ready (ms): `maxLoadingRetryTime` of ioredis. Its default
 * waits for as long as the server estimates, up to ten seconds, although the server may be ready after one.
 */
export const LOADING_RETRY_MS = 200
