/** What a queue is called, as the views call it (`title`), where only its key is known yet. */
export const queueTitle = (key: string) => key.replace(/^bull:(?=.)/s, '')
