import { defineResource } from '../../platform/environment/resource.ts'
import type { SampleSource } from '../../platform/samples.ts'
import { PostgresServers } from '../../servers/resources.ts'
import { tableSizeSource } from './tables/growth.ts'

/** The sizes that are kept; it knows which reading it has sampled already. */
export const TableSizes = defineResource<SampleSource>('table-sizes', ({ of }) => ({
  value: tableSizeSource(of(PostgresServers)),
}))
