/** The tabs of a database, in their order: each is a folder beside this one with its page. The first is the page itself. */
export const databaseTabs = [
  { folder: '', label: 'Overview' },
  { folder: 'activity', label: 'Activity' },
  { folder: 'queries', label: 'Queries' },
  { folder: 'tables', label: 'Tables' },
  { folder: 'data', label: 'Data' },
  { folder: 'settings', label: 'Settings' },
] as const
