/** Which dead letters an act takes: chosen ones, those of some kinds, or all; as the operations name them. */
export type Which =
  | { by: 'ids'; server: string; queue: string; ids: string[] }
  | { by: 'found'; jobs: { server: string; queue: string; ids: string[] }[] }
  | { by: 'kinds'; fingerprints: string[]; server?: string; queue?: string }
  | { by: 'all'; server?: string; queue?: string }
  | { by: 'failed-again'; run: string }
