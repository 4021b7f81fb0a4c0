/** The part of opossum 10 that is measured here; it ships no types. */
declare module 'opossum' {
  export default class CircuitBreaker {
    constructor(
      action: (call: () => Promise<number>) => Promise<number>,
      options?: {
        timeout: number | false
        errorThresholdPercentage: number
        rollingCountTimeout: number
        rollingCountBuckets: number
        volumeThreshold: number
        resetTimeout: number
        rollingPercentilesEnabled: boolean
      },
    )
    fire(call: () => Promise<number>): Promise<number>
    shutdown(): void
  }
}
