import { endingOperation } from '../ending-operation.ts'

export const resumeSchedule = endingOperation({
  verb: 'schedule.resume',
  title: 'Resume a schedule',
  description: 'It runs again when it is due. What was due while it was paused is not caught up.',
  permission: 'schedule:pause',
  action: 'Resume it',
  effect: 'will run again when it is due',
  did: schedule => `Resumed ${schedule}`,
  idle: ({ paused }) => (paused ? undefined : 'It is not paused.'),
})
