import { endingOperation } from '../ending-operation.ts'

export const restoreSchedule = endingOperation({
  verb: 'schedule.restore',
  title: 'Restore when a schedule runs',
  description: 'It runs when its code declares again. What was due in the meantime is not caught up.',
  permission: 'schedule:change',
  action: 'Restore it',
  effect: 'will run when its code declares',
  did: schedule => `Restored when ${schedule} runs`,
  idle: ({ current }) => (current?.changed ? undefined : 'It already runs when its code declares.'),
})
