import { defineArea } from '../../platform/area/define.ts'
import { nameGroup, placeOf } from '../../platform/area/names.ts'
import { ofSagas } from './attention.ts'
import { compensateSaga } from './operations/compensate.ts'
import { retrySaga } from './operations/retry.ts'
import { readSagas } from './read.ts'
import { sagaView } from './views/saga.ts'
import { sagaRunView } from './views/saga-run.ts'
import { sagaRunsView } from './views/saga-runs.ts'
import { sagasView } from './views/sagas.ts'

export const sagasArea = defineArea({
  id: 'sagas',
  title: 'Sagas',
  page: { group: 'operate', icon: 'waypoints', shortcut: 'w', counts: 'failed' },
  permissions: { 'saga:read': 'viewer', 'saga:retry': 'operator', 'saga:compensate': 'operator' },
  topics: { sagas: 'saga:read' },
  views: [sagasView, sagaView, sagaRunsView, sagaRunView],
  operations: [retrySaga, compensateSaga],
  async attention({ environment }) {
    const part = await readSagas(environment)
    return { items: part.status === 'down' ? [] : ofSagas(part.data.rows, Date.now()), known: part.status !== 'down' }
  },
  async names({ environment }, query) {
    const part = await readSagas(environment)
    const items = (part.status === 'down' ? [] : part.data.rows).map(({ id, name, service }) => ({
      id,
      label: name,
      detail: service,
      href: placeOf('sagas', { saga: id }),
    }))
    return [nameGroup('sagas', 'Sagas', query, items, 'saga')]
  },
})
