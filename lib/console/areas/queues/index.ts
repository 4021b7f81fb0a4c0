export { Queues } from './resource.ts'
