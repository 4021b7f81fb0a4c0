/** `1 job`, `1,204 jobs`: a number of things, for a sentence. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

export const processes = (count: number) => counted(count, 'process', 'processes')
