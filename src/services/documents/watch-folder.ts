/**
 * A folder that scanners and old systems leave files in. Each file has a companion of the same name with `.json` after it (the shape of an upload's
 * metadata), which is written last. What was taken in is removed from the folder; what was refused goes to `refused/` with the reason.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FhirContext } from '#fhir/index.ts';
import { Fault } from '#kernel/fault.ts';
import { uploadMetadata } from './contract.ts';
import { takeIn, type IntakeDeps } from './intake.ts';

export type FolderDeps = {
  context: FhirContext;
  intake: IntakeDeps;
  folder: string;
  report(event: string, error: unknown): void;
};

/** Shared disks tell of no changes, so that the folder is looked at. */
const lookEveryMs = 5000;
const metadataBytesMax = 100_000;

export type FolderWatch = {
  start(): void;
  stop(): Promise<void>;
  /** Takes in what is complete now. */ look(): Promise<number>;
};

export function watchFolder(deps: FolderDeps): FolderWatch {
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let isOn = false;
  const look = (): Promise<number> => takeAll(deps);
  const next = (): void => {
    if (!isOn) return;
    timer = setTimeout(() => {
      turn = look()
        .catch((error: unknown) => deps.report('documents folder', error))
        .finally(next);
    }, lookEveryMs);
    timer.unref();
  };
  return {
    look,
    start() {
      isOn = true;
      next();
    },
    async stop() {
      isOn = false;
      clearTimeout(timer);
      await turn;
    },
  };
}

async function takeAll(deps: FolderDeps): Promise<number> {
  const names = await readdir(deps.folder);
  const companions = names.filter((name) => name.endsWith('.json') && names.includes(name.slice(0, -'.json'.length)));
  let taken = 0;
  for (const companion of companions) taken += (await takeOne(deps, companion.slice(0, -'.json'.length))) ? 1 : 0;
  return taken;
}

/** A node or scanner that does not answer leaves the file where it is, for the next look. */
async function takeOne({ context, intake, folder }: FolderDeps, name: string): Promise<boolean> {
  const [file, companion] = [join(folder, name), join(folder, `${name}.json`)];
  try {
    const metadata = uploadMetadata.safeParse(await readMetadata(companion));
    if (!metadata.success)
      throw new Fault(
        'unprocessable',
        `The companion ${basename(companion)} is not of the form that is told in docs/documents.md.`,
      );
    if ((await stat(file)).size > intake.bytesMax)
      throw new Fault('tooLarge', 'The file is larger than this node takes.');
    const within = { ...context, grant: context.grants.background('document folder') };
    const data = { fileName: name.slice(0, 255), ...metadata.data };
    await takeIn(within, intake, { metadata: data, bytes: await readFile(file), by: undefined });
  } catch (error) {
    if (!(error instanceof Fault) || ['unavailable', 'busy', 'full'].includes(error.kind)) throw error;
    await refuse(folder, name, error.message);
    return false;
  }
  await rm(companion);
  await rm(file);
  return true;
}

async function readMetadata(companion: string): Promise<unknown> {
  if ((await stat(companion)).size > metadataBytesMax) return undefined;
  try {
    return JSON.parse(await readFile(companion, 'utf8'));
  } catch {
    return undefined;
  }
}

async function refuse(folder: string, name: string, why: string): Promise<void> {
  const aside = join(folder, 'refused');
  await mkdir(aside, { recursive: true });
  await writeFile(join(aside, `${name}.reason.txt`), `${why}\n`);
  await rename(join(folder, `${name}.json`), join(aside, `${name}.json`));
  await rename(join(folder, name), join(aside, name));
}
