import { measureBoard } from './board.ts'

/** It reads the list of connections once per queue; this is without that. */
measureBoard({ shared: true, workers: false })
