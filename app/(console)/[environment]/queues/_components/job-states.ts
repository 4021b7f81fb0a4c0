/** The states of jobs and what they are called, in the order in which they are offered. */
export const JOB_STATES = [
  { value: 'failed', label: 'Dead letters' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'active', label: 'Active' },
  { value: 'delayed', label: 'Delayed' },
  { value: 'prioritized', label: 'Prioritized' },
  { value: 'waiting-children', label: 'Waiting for children' },
  { value: 'completed', label: 'Completed' },
] as const
