/** ConceptMap/$translate, https://hl7.org/fhir/R4/conceptmap-operation-translate.html */
import type { Coding } from '../types.ts';
import { parseCanonical } from './model.ts';
import type { ConceptMapGroup, ConceptMapResource, ConceptMapTarget } from './model.ts';
import type { Parameter, Parameters } from './operation-input.ts';

export type TranslateRequest = {
  codings: readonly Coding[];
  /** Only concepts of this system. */
  targetSystem?: string | undefined;
  /** Only maps between these value sets. */
  sourceScope?: string | undefined;
  targetScope?: string | undefined;
  reverse: boolean;
};

type Match = {
  equivalence: string;
  concept?: Coding | undefined;
  source: string;
  products: Parameter[];
  comment?: string | undefined;
};

/** Each equivalence said from the target's side, https://hl7.org/fhir/R4/valueset-concept-map-equivalence.html */
const inverse: Record<string, string> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

/** What does not translate: https://hl7.org/fhir/R4/conceptmap-operation-translate.html says that these alone make the result false. */
const noMatch = new Set(['unmatched', 'disjoint']);

const otherMapsMax = 5;

/** All translations of the codings by these maps; `other` finds a map that an unmapped code is sent on to. */
export function translate(
  maps: readonly ConceptMapResource[],
  request: TranslateRequest,
  other: (canonical: string) => ConceptMapResource | undefined,
): Parameters {
  const fitting = maps.filter((map) => scopeFits(map, request));
  const matches = request.codings.flatMap((coding) =>
    fitting.flatMap((map) =>
      request.reverse ? backwards(map, coding, request) : forwards(map, coding, request, other, otherMapsMax),
    ),
  );
  const result = matches.some((match) => !noMatch.has(match.equivalence));
  const parameter: Parameter[] = [{ name: 'result', valueBoolean: result }];
  if (!result) parameter.push({ name: 'message', valueString: messageOf(request, fitting) });
  return { resourceType: 'Parameters', parameter: [...parameter, ...matches.map(matchPart)] };
}

function messageOf({ codings }: TranslateRequest, maps: readonly ConceptMapResource[]): string {
  if (maps.length === 0) return 'There is no concept map here between these';
  return `No concept map here translates ${codings.map((each) => `"${each.code ?? ''}"`).join(', ')}`;
}

function scopeFits(map: ConceptMapResource, { sourceScope, targetScope, reverse }: TranslateRequest): boolean {
  const source = map.sourceUri ?? map.sourceCanonical;
  const target = map.targetUri ?? map.targetCanonical;
  const fits = (asked: string | undefined, actual: string | undefined): boolean =>
    asked === undefined || (actual !== undefined && parseCanonical(asked).url === parseCanonical(actual).url);
  return reverse
    ? fits(sourceScope, target) && fits(targetScope, source)
    : fits(sourceScope, source) && fits(targetScope, target);
}

function forwards(
  map: ConceptMapResource,
  coding: Coding,
  request: TranslateRequest,
  other: (canonical: string) => ConceptMapResource | undefined,
  hopsLeft: number,
): Match[] {
  return (map.group ?? []).flatMap((group) => {
    if (!systemFits(coding.system, group.source) || !systemFits(request.targetSystem, group.target)) return [];
    const elements = (group.element ?? []).filter((element) => element.code === coding.code);
    const targets = elements.flatMap((element) => element.target ?? []);
    if (targets.length > 0)
      return targets.map((target) => matchOf(map, target, conceptOf(group.target, group.targetVersion, target)));
    return elements.length > 0 ? [] : unmapped(map, group, coding, request, other, hopsLeft);
  });
}

/** https://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.group.unmapped */
function unmapped(
  map: ConceptMapResource,
  group: ConceptMapGroup,
  coding: Coding,
  request: TranslateRequest,
  other: (canonical: string) => ConceptMapResource | undefined,
  hopsLeft: number,
): Match[] {
  const rule = group.unmapped;
  if (rule?.mode === 'provided') {
    return [
      {
        equivalence: 'equal',
        concept: conceptOf(group.target, group.targetVersion, coding),
        source: urlOf(map),
        products: [],
      },
    ];
  }
  if (rule?.mode === 'fixed') {
    return [
      {
        equivalence: 'inexact',
        concept: conceptOf(group.target, group.targetVersion, rule),
        source: urlOf(map),
        products: [],
      },
    ];
  }
  const next = rule?.mode === 'other-map' && rule.url !== undefined && hopsLeft > 0 ? other(rule.url) : undefined;
  return next === undefined ? [] : forwards(next, coding, request, other, hopsLeft - 1);
}

function backwards(map: ConceptMapResource, coding: Coding, request: TranslateRequest): Match[] {
  return (map.group ?? []).flatMap((group) => {
    if (!systemFits(coding.system, group.target) || !systemFits(request.targetSystem, group.source)) return [];
    return (group.element ?? []).flatMap((element) =>
      (element.target ?? [])
        .filter((target) => target.code === coding.code)
        .map((target) => {
          const match = matchOf(map, target, conceptOf(group.source, group.sourceVersion, element));
          return { ...match, equivalence: inverse[match.equivalence] ?? match.equivalence };
        }),
    );
  });
}

function systemFits(asked: string | undefined, actual: string | undefined): boolean {
  return asked === undefined || asked === actual;
}

function conceptOf(
  system: string | undefined,
  version: string | undefined,
  { code, display }: { code?: string; display?: string },
): Coding | undefined {
  if (code === undefined) return undefined;
  return {
    ...(system === undefined ? {} : { system }),
    ...(version === undefined ? {} : { version }),
    code,
    ...(display === undefined ? {} : { display }),
  };
}

function matchOf(map: ConceptMapResource, target: ConceptMapTarget, concept: Coding | undefined): Match {
  const products = (target.product ?? []).map(({ property, system, value }) => ({
    name: 'product',
    part: [
      { name: 'element', valueUri: property },
      { name: 'concept', valueCoding: system === undefined ? { code: value } : { system, code: value } },
    ],
  }));
  return {
    equivalence: target.equivalence ?? 'relatedto',
    concept,
    source: urlOf(map),
    products,
    comment: target.comment,
  };
}

function urlOf(map: ConceptMapResource): string {
  return map.url ?? (map.id === undefined ? '' : `ConceptMap/${map.id}`);
}

function matchPart({ equivalence, concept, source, products, comment }: Match): Parameter {
  const part: Parameter[] = [{ name: 'equivalence', valueCode: equivalence }];
  if (concept !== undefined) part.push({ name: 'concept', valueCoding: concept });
  part.push(...products);
  if (source !== '') part.push({ name: 'source', valueUri: source });
  if (comment !== undefined) part.push({ name: 'comment', valueString: comment });
  return { name: 'match', part };
}
