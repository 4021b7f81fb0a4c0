export { createInsight } from './create.ts'
export type { Ask, AskParameter, Insight, Question } from './port.ts'
export { type ServerFacts, serverQuestion } from './server.ts'
