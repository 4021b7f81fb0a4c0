import { defineArea } from '../../platform/area/define.ts'
import { acknowledgeItem } from './operations/acknowledge.ts'
import { muteItem } from './operations/mute.ts'
import { restoreItem } from './operations/restore.ts'
import { overviewView } from './views/overview.ts'

export const overviewArea = defineArea({
  id: 'overview',
  title: 'Overview',
  page: { group: 'observe', icon: 'activity', shortcut: 'o', onPhone: true },
  permissions: { 'attention:mark': 'operator' },
  topics: { attention: 'fleet:read' },
  views: [overviewView],
  operations: [acknowledgeItem, muteItem, restoreItem],
})
