/** Text that is made piece by piece, as a file. Its first piece is read before the answer begins: a server that is down is a refusal, not a file that breaks off. */
export async function download(
  lines: AsyncGenerator<string>,
  { name, format, type }: { name: string; format: string; type: string },
  first = lines.next(),
): Promise<Response> {
  let next: IteratorResult<string> = await first
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next.done) return controller.close()
      controller.enqueue(encoder.encode(next.value))
      next = await lines.next()
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '')
  return new Response(body, {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${name}-${stamp}.${format}"`,
      'cache-control': 'no-store',
    },
  })
}
