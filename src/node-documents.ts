/** Documents of a node: put together from its record, blobs, lines and settings. */
import type { Line } from '#continuity/index.ts';
import type { NodeOperations } from '#continuity/operations/index.ts';
import type { Fhir } from '#fhir/index.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import { systemIds } from '#kernel/ids.ts';
import type { Log } from '#kernel/log.ts';
import { createClassification } from '#services/classification/index.ts';
import { createDocuments, documentTypes, textOf, type Documents } from '#services/documents/index.ts';
import type { AccessLog } from '#trust/access-log/index.ts';

export type NodeDocumentsOptions = {
  config: Config;
  fhir: Fhir;
  blobs: NodeOperations['blobs'];
  /** The lines, once they are open. */
  line: () => Pick<Line, 'fetchBlob'> | undefined;
  log: Log;
  /** Where automatic decisions are told. */
  accessLog: Pick<AccessLog, 'append'>;
};

export function openNodeDocuments({ config, fhir, blobs, line, log, accessLog }: NodeDocumentsOptions): Documents {
  const { context } = fhir;
  const ids = systemIds(systemClock);
  const classification = createClassification({
    context,
    node: config.node,
    log: accessLog,
    ids,
    names: documentTypes,
    textOf: (id) => textOf(context.db, id),
  });
  const documents = createDocuments({
    context,
    committer: fhir.committer,
    ids,
    settings: config.documents,
    blobs,
    classify: (asked) => classification.classify(asked),
    onText: (text) => classification.onText(text),
    fetchBlob: async (place) => line()?.fetchBlob(place),
    report: (event, error) => log.warn({ event, err: error }, event),
  });
  return {
    ...documents,
    async register(server, door) {
      await documents.register(server, door);
      classification.register(server, door);
    },
  };
}
