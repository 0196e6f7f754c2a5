/** Hands a pack to the printer, by the command that the operator set: `lp -d ward`. */
import { spawn } from 'node:child_process';
import { Fault } from '#kernel/fault.ts';

const timeoutMs = 60_000;

/**
 * Gives the PDF to the command on its standard input; resolves when it took it (exit code 0).
 * `{ward}` in the command is the ward's id. No shell reads it. Faults: unavailable, saying how it failed.
 */
export async function printPdf(command: string, ward: string, pdf: Buffer): Promise<void> {
  const [program = '', ...words] = command.trim().split(/\s+/);
  const child = spawn(
    program,
    words.map((word) => word.replaceAll('{ward}', ward)),
    {
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: timeoutMs,
    },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString('utf8')}`.slice(0, 300)));
  // A command that ends without reading closes the pipe: its exit code tells.
  child.stdin.on('error', () => {});
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  child.stdin.end(pdf);
  let code: number | null;
  try {
    code = await ended;
  } catch (error) {
    throw new Fault('unavailable', `The printer command ${program} could not be started.`, { cause: error });
  }
  if (code !== 0)
    throw new Fault('unavailable', `The printer command ended with ${code ?? 'no answer in time'}. ${said}`.trim());
}
