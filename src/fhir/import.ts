/** Loading what comes in files: bundles as they say, resources by their ids. */
import type { Grant } from './grant.ts';
import type { Dispatch } from './http/routing.ts';
import type { Writer } from './record/writer.ts';
import type { Resource } from './types.ts';

/** Writes resources by their ids (new ones get one) as one unit; how many there were. */
export async function importResources(writer: Writer, grant: Grant, resources: readonly Resource[]): Promise<number> {
  const changes = resources.map((resource) =>
    resource.id === undefined
      ? ({ interaction: 'create', resource } as const)
      : ({ interaction: 'update', resource, id: resource.id } as const),
  );
  return (await writer.apply(grant, changes)).length;
}

/** A transaction or batch is carried out as one; any other Bundle's resources are written by their ids. */
export async function importBundle(
  dispatch: Dispatch,
  writer: Writer,
  grant: Grant,
  bundle: Resource,
): Promise<number> {
  const entries = (bundle['entry'] ?? []) as { resource?: Resource }[];
  if (bundle['type'] === 'transaction' || bundle['type'] === 'batch') {
    await dispatch({ method: 'POST', segments: [], parameters: [], headers: {}, body: bundle }, grant);
    return entries.length;
  }
  return importResources(
    writer,
    grant,
    entries.flatMap(({ resource }) => (resource ? [resource] : [])),
  );
}
