export { maskLiterals } from '../database/index.ts'
export { type BlockNode, blockTree, type Waiting } from './activity/block-tree.ts'
export { type Activity, type AwaitedLock, activityQuestion, type Session } from './activity/sessions.ts'
export { type SignalOutcome, type SignalTarget, signalQuestion } from './activity/signal.ts'
export { createInsight } from './create.ts'
export type {
  Maintenance,
  MaintenanceDone,
  MaintenanceProgress,
  TableForMaintenance,
} from './maintenance/port.ts'
export { type MaintenanceOptions, runMaintenance } from './maintenance/run.ts'
export {
  analyzeStatement,
  concurrently,
  createIndexStatement,
  dropIndexStatement,
  indexName,
  reindexStatement,
  vacuumStatement,
} from './maintenance/statements.ts'
export { maintenanceQuestion } from './maintenance/table.ts'
export type { IndexAdvice } from './plans/advise.ts'
export { type ExplainOptions, parametersOf } from './plans/explain.ts'
export { ExplainError } from './plans/explain-error.ts'
export { judgePlan, LARGE_TABLE_ROWS } from './plans/judge.ts'
export { PlanError, parsePlan } from './plans/parse.ts'
export { plannableQuestion } from './plans/plannable.ts'
export type { NodeMeasured, Plan, PlanFinding, PlanFindingKind, PlanNode, TableFacts } from './plans/port.ts'
export { type JudgedPlan, plainPlanQuestion, planQuestion } from './plans/question.ts'
export { planLine, planShape } from './plans/shape.ts'
export type { Ask, AskParameter, Insight, Question } from './port.ts'
export { type ConnectionGroup, connectionsQuestion } from './server/connections.ts'
export { type Right, type ServerFacts, serverQuestion } from './server/facts.ts'
export { type DatabaseFigures, figuresQuestion } from './server/figures.ts'
export { type Follower, type Replication, type ReplicationSlot, replicationQuestion } from './server/replication.ts'
export { type DatabaseSize, sizeQuestion } from './server/size.ts'
export { type WriteAhead, writeAheadQuestion } from './server/write-ahead.ts'
export { type Advice, adviceOn } from './settings/advice.ts'
export type { AdviceKind } from './settings/rule.ts'
export { settingText } from './settings/setting-value.ts'
export {
  type ServerSettings,
  type Setting,
  type SettingEvidence,
  type SettingOverride,
  settingsQuestion,
} from './settings/settings.ts'
export { statementFingerprint } from './statements/fingerprint.ts'
export { type StatementIncreases, statementIncreases } from './statements/increases.ts'
export type { StatementCounts, StatementIncrease, StatementSnapshot, StatementsMissing } from './statements/port.ts'
export { ownTextsQuestion, type StatementReading, statementsQuestion, textsQuestion } from './statements/read.ts'
export { type HorizonHolder, type HorizonReading, horizonQuestion, type WraparoundState } from './tables/horizon.ts'
export { duplicateIndexes, type IndexFinding, judgeIndexes } from './tables/index-findings.ts'
export {
  definitionsQuestion,
  type ForeignKey,
  type IndexesReading,
  type IndexState,
  indexesQuestion,
} from './tables/indexes.ts'
export { type MeasuredBloat, measuredBloatQuestion } from './tables/measured-bloat.ts'
export { type IndexNow, indexNowQuestion } from './tables/one-index.ts'
export { NEARLY_EXHAUSTED, type SequenceState, sequencesQuestion } from './tables/sequences.ts'
export { sizesQuestion, type TableSize } from './tables/sizes.ts'
export { judgeTable, type TableFinding } from './tables/table-findings.ts'
export { type TableState, type TablesReading, tablesQuestion } from './tables/tables.ts'
export { bytes as bytesInWords } from './words.ts'
