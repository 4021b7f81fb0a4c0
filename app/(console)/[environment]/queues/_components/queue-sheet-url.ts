/** What the open sheet of a queue has in the address. */
export const QUEUE_SHEET = ['queue', 'server', 'jobs', 'jq', 'page', 'look', 'job', 'whole', 'section']
