/**
 * Which code lists are here and which are missing: said at start, in the CapabilityStatement and at `/registers/code-lists`.
 * A list that is missing can't say that a code is right, and nothing here says so for it.
 */
import { Fault } from '#kernel/fault.ts';
import type { Committer } from '#fhir/record/committer.ts';
import { runSearch } from '#fhir/search/index.ts';
import type { RequestContext } from '#fhir/index.ts';
import type { Resource } from '#fhir/types.ts';
import { clinicalLists, noBasis, registerLists, volven } from '../register-codes.ts';

export type CodeListState = {
  url: string;
  name: string;
  /** `part`: what is here is right, what is not here is unknown. */
  state: 'here' | 'part' | 'missing';
  version?: string;
  codes?: number;
};

/** Fyr itself has these of `@navikt/diagnosekoder`: the codes that may be reported today. */
const shippedInPart: ReadonlySet<string> = new Set(['7110', '7170'].map(volven));

const wanted: readonly { url: string; name: string }[] = [
  ...[...registerLists, ...clinicalLists].map(({ list, name }) => ({ url: volven(list), name: `${list} ${name}` })),
  { url: noBasis.familyRelation, name: 'no-basis familierelasjon' },
  { url: noBasis.maritalStatus, name: 'no-basis sivilstand' },
  { url: noBasis.parentalResponsibility, name: 'no-basis foreldreansvar' },
  { url: noBasis.connectionType, name: 'no-basis meldingsprotokoll' },
];

export type CodeLists = {
  /** As they are now. */
  read(): Promise<CodeListState[]>;
  /** As they were when last looked at, in words: a paragraph each. */
  remarks(): readonly string[];
};

type Deps = {
  context: Pick<RequestContext, 'db' | 'search' | 'grant'>;
  committer: Pick<Committer, 'onWritten'>;
  report(event: string, error: unknown): void;
};

/** While a new release indexes the record anew, searches wait; so long it is not known what is here. */
const lookAgainMs = 5000;

/** Looks once, and again after each write of a CodeSystem in this process. */
export async function createCodeLists({ context, committer, report }: Deps): Promise<CodeLists> {
  let known: CodeListState[] = [];
  let isLooking = false;
  const look = async (): Promise<void> => {
    try {
      known = await readStates(context);
    } catch (error) {
      if (error instanceof Fault && error.kind === 'unavailable') setTimeout(() => void look(), lookAgainMs).unref();
      else report('code lists', error);
    } finally {
      isLooking = false;
    }
  };
  await look();
  committer.onWritten(({ writes }) => {
    if (isLooking || !writes.some(({ type }) => type === 'CodeSystem')) return;
    isLooking = true;
    setImmediate(() => void look());
  });
  return {
    async read() {
      known = await readStates(context);
      return known;
    },
    remarks: () => remarksOn(known),
  };
}

async function readStates(context: Deps['context']): Promise<CodeListState[]> {
  const parameters: [string, string][] = [
    ['url', wanted.map(({ url }) => url).join(',')],
    ['_count', '200'],
    ['_elements', 'url,content,version,count'],
  ];
  const { rows } = await runSearch(context, context.search.parse('CodeSystem', parameters, { lenient: false }));
  const found = new Map<string, Resource>();
  for (const row of rows) {
    const system = JSON.parse(row.content) as Resource;
    if (system['content'] !== 'not-present' && system['content'] !== 'supplement')
      found.set(String(system['url']), system);
  }
  return wanted.map((list) => stateOf(list, found.get(list.url)));
}

function stateOf({ url, name }: { url: string; name: string }, system: Resource | undefined): CodeListState {
  if (system === undefined) return { url, name, state: shippedInPart.has(url) ? 'part' : 'missing' };
  const concepts = system['concept'] as unknown[] | undefined;
  const { version } = system as { version?: string };
  return {
    url,
    name,
    state: system['content'] === 'complete' ? 'here' : 'part',
    ...(version === undefined ? {} : { version }),
    codes: concepts?.length ?? 0,
  };
}

/** What a reader should know of them. Nothing when all are here, whole. */
export function remarksOn(states: readonly CodeListState[]): string[] {
  const named = (state: CodeListState['state']): string =>
    states
      .filter((each) => each.state === state)
      .map(({ name }) => name)
      .join(', ');
  const [missing, part] = [named('missing'), named('part')];
  return [
    ...(missing === ''
      ? []
      : [
          `Code lists that are not here, so that nothing is said of their codes: ${missing}. \`fyr registers import code-lists\` loads them.`,
        ]),
    ...(part === '' ? [] : [`Code lists that are here in part, so that an unknown code is not called wrong: ${part}.`]),
  ];
}
