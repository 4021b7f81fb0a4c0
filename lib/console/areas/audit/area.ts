import { defineArea } from '../../platform/area/define.ts'
import { auditView } from './views/audit.ts'

export const auditArea = defineArea({
  id: 'audit',
  title: 'Audit',
  page: { group: 'activity', icon: 'list-checks', shortcut: 'a' },
  permissions: { 'audit:read': 'viewer' },
  topics: { audit: 'audit:read' },
  views: [auditView],
})
