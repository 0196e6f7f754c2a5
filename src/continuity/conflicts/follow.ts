/**
 * What goes on by itself about conflicts. Every node tells who wrote its own versions; the region gives each conflict to the department or GP that is to
 * decide, so that it stands in their work and not with a node.
 */
import { parseJson } from '#fhir/json/index.ts';
import type { Committer } from '#fhir/record/committer.ts';
import type { Resource } from '#fhir/types.ts';
import { tellAuthors } from './authors.ts';
import { readSides, readTasks, type ConflictsDeps } from './list-conflicts.ts';
import { createDirectory } from './responsible.ts';
import { conflictTask, ownedBy, taskCode, type ConflictTask } from './tasks.ts';

export type FollowDeps = ConflictsDeps & {
  committer: Pick<Committer, 'onWritten'>;
  isRegion: boolean;
  report(event: string, error: unknown): void;
};

export type Following = { start(): void; stop(): Promise<void> };

const atOnceMax = 1000;

export function followConflicts(deps: FollowDeps): Following {
  const waiting = new Map<string, ConflictTask>();
  let working: Promise<void> | undefined;
  let isOn = false;
  const work = async (): Promise<void> => {
    for (const [id, task] of waiting) {
      waiting.delete(id);
      if (!isOn) return;
      await follow(deps, task).catch((error: unknown) => deps.report('conflicts', error));
    }
  };
  const begin = (): void => {
    working ??= work().finally(() => {
      working = undefined;
      if (isOn && waiting.size > 0) begin();
    });
  };
  deps.committer.onWritten(({ writes }) => {
    if (!isOn) return;
    for (const { type, content } of writes) {
      if (type !== 'Task' || content === null || !content.includes(taskCode)) continue;
      const task = conflictTask(parseJson(content) as Resource);
      if (task?.state === 'open') waiting.set(task.id, task);
    }
    if (waiting.size > 0) begin();
  });
  return {
    start() {
      isOn = true;
      // What came while the node was down, or was cut off in the middle.
      const grant = deps.context.grants.background('conflicts');
      working = readTasks(deps, grant, { state: 'open', count: atOnceMax })
        .then((tasks) => {
          for (const task of tasks) waiting.set(task.id, task);
          return work();
        })
        .catch((error: unknown) => deps.report('conflicts', error))
        .finally(() => {
          working = undefined;
          if (isOn && waiting.size > 0) begin();
        });
    },
    async stop() {
      isOn = false;
      waiting.clear();
      await working;
    },
  };
}

async function follow(deps: FollowDeps, task: ConflictTask): Promise<void> {
  const grant = deps.context.grants.background('conflicts');
  await tellAuthors(deps, grant, task.resource, await readSides(deps, task));
  if (!deps.isRegion || task.owner !== undefined) return;
  const owner = await createDirectory({ ...deps.context, grant }).ownerOf(task);
  if (owner.reference === undefined) return;
  const resource = ownedBy(task.task, { reference: owner.reference, name: owner.name });
  const ifMatch = task.task.meta?.versionId;
  const change = { interaction: 'update', resource, id: task.id } as const;
  await deps.context.writer.apply(grant, [ifMatch === undefined ? change : { ...change, ifMatch }]);
}
