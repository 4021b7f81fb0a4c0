export { addressKey } from './address-key.ts'
export { createMessages, type MessagesDependencies } from './create.ts'
export { messagesMigrations } from './migrations.ts'
export * from './port.ts'
