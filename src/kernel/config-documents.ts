/** Settings of documents: what is taken in, what looks at it first, and from where. */
import { file, text, whole, type Setting } from './config-form.ts';

/** By their names in the settings file. */
export const documentSettings = {
  documentBytesMax: {
    environment: 'FYR_DOCUMENT_BYTES_MAX',
    ...whole(1024, 1_073_741_824),
    default: 67_108_864,
    about: 'Bytes that a file may have that is taken in as a document.',
  },
  malwareScanner: {
    environment: 'FYR_MALWARE_SCANNER',
    ...text(/^(clamd|icap):\/\/[A-Za-z0-9.:[\]-]+(\/\S*)?$/, '`clamd://host:port` or `icap://host:port/service`'),
    default: undefined,
    about:
      'What looks at every file before it is taken in: ClamAV (`clamd://host:port`) or a scanner that speaks ICAP (`icap://host:port/service`). While it is silent nothing is taken. Without it: nothing is asked.',
  },
  documentFolder: {
    environment: 'FYR_DOCUMENT_FOLDER',
    ...file,
    default: undefined,
    about:
      'Folder where scanners and other systems leave documents, each with its companion `.json` (docs/documents.md). Without it: none.',
  },
} satisfies Record<string, Setting>;

export type DocumentsConfig = {
  readonly bytesMax: number;
  readonly malwareScanner: string | undefined;
  readonly intakeFolder: string | undefined;
};

type Values = {
  documentBytesMax: number;
  malwareScanner: string | undefined;
  documentFolder: string | undefined;
};

/** `absolute` makes a path one. */
export function documentsOf(values: Values, absolute: (path: string) => string): DocumentsConfig {
  const { documentBytesMax: bytesMax, malwareScanner, documentFolder } = values;
  return Object.freeze({
    bytesMax,
    malwareScanner,
    intakeFolder: documentFolder === undefined ? undefined : absolute(documentFolder),
  });
}
