import { measureBoard } from './board.ts'

measureBoard({ shared: true, workers: true })
