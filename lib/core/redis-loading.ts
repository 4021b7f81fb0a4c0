/**
 * How often a connection looks whether a Redis that loads its data is done (ms): `maxLoadingRetryTime` of ioredis. Left alone it
 * waits for as long as the server estimates, up to ten seconds, although the server may be ready after one.
 */
export const LOADING_RETRY_MS = 200
