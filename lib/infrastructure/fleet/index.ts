export { readOverrides } from './adapters/redis/overrides.ts'
export { fleetConfig } from './config.ts'
export { type JoinFleetOptions, joinFleet } from './create.ts'
export {
  type CommandHandler,
  type CommandHandlers,
  type FleetIdentity,
  type FleetMember,
  FleetRegistrationError,
  type FleetSource,
  type FleetState,
} from './port.ts'
export { ENVIRONMENT_NAME, type FleetKeys, fleetKeys } from './protocol/keys.ts'
export * as limits from './protocol/limits.ts'
export {
  Answer,
  type AskingVerb,
  type Beat,
  COMMANDS,
  Command,
  type CommandArguments,
  Detail,
  FleetEvent,
  Identity,
  inScope,
  isUnderstood,
  parseBeat,
  REPLIES,
  Scope,
  VERBS,
  type Verb,
  type Vitals,
} from './protocol/messages.ts'
export {
  type EndingVerb,
  heldBy,
  isLasting,
  isUnder,
  LASTING,
  type LastingVerb,
  Override,
  type OverrideOf,
} from './protocol/override.ts'
export { seal, unseal } from './protocol/signature.ts'
export { readVitals } from './vitals.ts'
