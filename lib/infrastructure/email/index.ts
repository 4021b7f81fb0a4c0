export { type AddressCheck, type AddressCheckOptions, checkAddress, type MailResolver } from './check-address.ts'
export { createEmail, type EmailDependencies, type EmailOptions } from './create.ts'
export { type DeliveryVendor, noteDeliveries, readDeliveries } from './deliveries/deliveries.ts'
export type { DeliveryReport } from './deliveries/report.ts'
export * from './emails-port.ts'
export type { ProviderChoice } from './open-provider.ts'
export * from './port.ts'
export type { ProviderPolicy, WhenUnknown } from './providers.ts'
export {
  type EmailTemplate,
  type EmailTemplateOptions,
  emailTemplate,
  type ReactElementLike,
  type RenderedEmail,
} from './template.ts'
