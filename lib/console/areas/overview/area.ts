import { defineArea } from '../../platform/area/define.ts'
import { overviewView } from './views/overview.ts'

export const overviewArea = defineArea({
  id: 'overview',
  title: 'Overview',
  page: { group: 'observe', icon: 'activity', shortcut: 'o', onPhone: true },
  views: [overviewView],
})
