import { defineArea } from '../../platform/area/define.ts'
import { discardDeadLetters } from './operations/discard.ts'
import { importDeadLetters } from './operations/import.ts'
import { replayDeadLetters } from './operations/replay.ts'
import { DeadLetters } from './resource.ts'
import { deadLetterGroupView } from './views/dead-letter-group.ts'
import { deadLettersView } from './views/dead-letters.ts'

export const deadLettersArea = defineArea({
  id: 'dead-letters',
  title: 'Dead letters',
  page: { group: 'operate', icon: 'mail-x', shortcut: 'x' },
  permissions: {
    'dead-letters:replay': 'operator',
    'dead-letters:import': 'operator',
    // After the undo window they are gone for good.
    'dead-letters:discard': 'admin',
  },
  topics: { 'dead-letters': 'queue:read' },
  resources: [DeadLetters],
  views: [deadLettersView, deadLetterGroupView],
  operations: [replayDeadLetters, discardDeadLetters, importDeadLetters],
})
