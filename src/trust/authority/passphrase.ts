/** The passphrase of the authority's key, from the environment or a file. */
import { readFileSync } from 'node:fs';
import { Fault } from '#kernel/fault.ts';

const lettersMin = 12;

/**
 * @param given FYR_CA_PASSPHRASE
 * @param file the one that FYR_CA_PASSPHRASE_FILE names
 * Faults: invalid, where there is none, or where it is too short.
 */
export function authorityPassphrase(given: string | undefined, file: string | undefined): string {
  if (given !== undefined) return given;
  if (file === undefined) {
    throw new Fault(
      'invalid',
      "Give the passphrase of the certificate authority's key: FYR_CA_PASSPHRASE or FYR_CA_PASSPHRASE_FILE.",
    );
  }
  const passphrase = read(file);
  if (passphrase.length >= lettersMin) return passphrase;
  throw new Fault('invalid', `The passphrase in ${file} must have at least ${lettersMin} characters.`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Fault('invalid', `FYR_CA_PASSPHRASE_FILE names ${file}, which cannot be read (${code}).`, {
      cause: error,
    });
  }
}
