/** Why a run is aborted here when no operator asked for it: what it has begun goes on, and the other worker follows it. */
export class RunTakenOverError extends Error {
  constructor() {
    super('another worker took this run over')
  }
}
