import { measureBoard } from './board.ts'

/** Without listing workers: a thousand lists of a thousand connections would take many seconds each time. */
measureBoard({ shared: false, workers: false })
