/** Settings of the packs: how often, of which wards, and where they go. */
import { join } from 'node:path';
import { file, oneOf, text, whole, type Setting } from './config-form.ts';

/** By their names in the settings file. */
export const packSettings = {
  packMinutes: {
    environment: 'FYR_PACK_MINUTES',
    ...whole(0, 1440),
    default: undefined,
    about:
      'Minutes between two packs of a ward; `0` for none by the clock. Without it: 10 at a site and a ward, 0 at a region.',
  },
  packWards: {
    environment: 'FYR_PACK_WARDS',
    ...text(
      /^[A-Za-z0-9.-]{1,64}(,[A-Za-z0-9.-]{1,64})*$/,
      'ids of wards (`Location/id` without the type) between commas',
    ),
    default: undefined,
    about: 'The wards that packs are made for. Without it: every ward that has or expects somebody.',
  },
  packsKept: {
    environment: 'FYR_PACKS_KEPT',
    ...whole(1, 10_000),
    default: 12,
    about: 'Packs of each ward that are kept, encrypted, in `packs` in the data folder.',
  },
  packLanguage: {
    environment: 'FYR_PACK_LANGUAGE',
    ...oneOf('nb', 'nn', 'en'),
    default: 'nb',
    about:
      'The language of the packs and their forms: bokmål, nynorsk or English. Somebody who makes one may choose another for it.',
  },
  packFolder: {
    environment: 'FYR_PACK_FOLDER',
    ...file,
    default: undefined,
    about:
      'Folder for the newest pack of each ward as a PDF that prints without Fyr: readable by whoever reads the folder (docs/packs.md). Without it: none.',
  },
  packPrinter: {
    environment: 'FYR_PACK_PRINTER',
    ...text(/\S/, 'a command and its words, such as `lp -d ward`'),
    default: undefined,
    about:
      'Command that is given a pack as PDF on its standard input, to print it. `{ward}` in it is the id of the ward. Without it: no printing.',
  },
  packPrintHours: {
    environment: 'FYR_PACK_PRINT_HOURS',
    ...whole(0, 168),
    default: 0,
    about: 'Hours between two packs that are printed by the clock; `0` for printing only when somebody asks.',
  },
  deviceHours: {
    environment: 'FYR_DEVICE_HOURS',
    ...whole(1, 168),
    default: 12,
    about:
      'Hours that a device of a ward may keep its encrypted copy of the ward without having reached this node; then it wipes it.',
  },
} satisfies Record<string, Setting>;

export type PacksConfig = {
  /** 0: not by the clock. */
  readonly everyMs: number;
  /** Undefined: every ward. */
  readonly wards: readonly string[] | undefined;
  readonly folder: string;
  readonly kept: number;
  readonly language: 'nb' | 'nn' | 'en';
  readonly readableFolder: string | undefined;
  readonly printer: string | undefined;
  /** 0: only when somebody asks. */
  readonly printEveryMs: number;
  /** How long a device may keep its copy of a ward. */
  readonly deviceKeptMs: number;
};

type Values = {
  role: 'region' | 'site' | 'ward';
  packMinutes: number | undefined;
  packWards: string | undefined;
  packsKept: number;
  packLanguage: 'nb' | 'nn' | 'en';
  packFolder: string | undefined;
  packPrinter: string | undefined;
  packPrintHours: number;
  deviceHours: number;
};

/** `dataFolder` is absolute. */
export function packsOf(values: Values, dataFolder: string, absolute: (path: string) => string): PacksConfig {
  const {
    role,
    packMinutes,
    packWards,
    packsKept,
    packLanguage,
    packFolder,
    packPrinter,
    packPrintHours,
    deviceHours,
  } = values;
  return Object.freeze({
    everyMs: (packMinutes ?? (role === 'region' ? 0 : 10)) * 60_000,
    wards: packWards?.split(','),
    folder: join(dataFolder, 'packs'),
    kept: packsKept,
    language: packLanguage,
    readableFolder: packFolder === undefined ? undefined : absolute(packFolder),
    printer: packPrinter,
    printEveryMs: packPrintHours * 3_600_000,
    deviceKeptMs: deviceHours * 3_600_000,
  });
}
