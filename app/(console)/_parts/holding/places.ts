/** Where a target is, as a scope can name it. */
export interface Places {
  services: string[]
  processes: { id: string; instance: string }[]
}

/** Services and processes of those that have it, in order. */
export function placesOf(members: readonly { process: string; instance: string; service: string }[]): Places {
  return {
    services: [...new Set(members.map(({ service }) => service))].sort(),
    processes: members
      .map(({ process, instance }) => ({ id: process, instance }))
      .sort((a, b) => a.instance.localeCompare(b.instance)),
  }
}
