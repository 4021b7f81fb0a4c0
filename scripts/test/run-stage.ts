import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root, type Stage } from './stages.ts'

/** Of stages side by side, each is printed whole, so that their lines do not mix. */
export type Output = 'as it comes' | 'when it ends'

/** Resolves with the exit code of the stage's program; 1 when it could not be started. */
export function runStage(
  { name, command, args }: Stage,
  more: Record<string, string>,
  output: Output,
): Promise<number> {
  const program = command === 'node' ? process.execPath : join(root, 'node_modules', '.bin', command)
  const title = `\n── ${name}\n`
  const live = output === 'as it comes'
  if (live) process.stdout.write(title)
  return new Promise(done => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...more },
    })
    const held: Buffer[] = [Buffer.from(title)]
    child.stdout?.on('data', chunk => held.push(chunk))
    child.stderr?.on('data', chunk => held.push(chunk))
    child.on('error', error => {
      process.stderr.write(`${command} could not be started: ${error.message}\n`)
      done(1)
    })
    child.on('close', code => {
      if (!live) process.stdout.write(Buffer.concat(held))
      done(code ?? 1)
    })
  })
}
