import { measureBoard } from './board.ts'

/** It asks for the list of connections once a queue; this is without that. */
measureBoard({ shared: true, workers: false })
