import { Fleet } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { mapPart } from '../../platform/part/map-part.ts'
import type { Part } from '../../platform/part/part.ts'
import { type SagaRow, sagaRows } from './rows.ts'

/** Every saga of the processes of an environment. */
export async function readSagas(environment: ConsoleEnvironment): Promise<Part<{ rows: SagaRow[]; omitted: number }>> {
  const fleet = await environment.of(Fleet).read(['sagas'])
  return mapPart(fleet, snapshot => sagaRows(snapshot, Date.now()))
}
