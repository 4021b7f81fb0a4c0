/** `host:port/database` of an address, to compare by: without account and options. Undefined for what is no URL, such as several hosts. */
export function databasePlace(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname, port, pathname } = new URL(url)
  return `${hostname === 'localhost' ? '127.0.0.1' : hostname}:${port || 5432}${pathname}`
}
