/** Resources that a caller sends inside an operation have not been through the record's validation: their shape is checked here. */
import { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import type { Resource } from '../types.ts';
import type { CodeSystemResource, ConceptMapResource, ValueSetResource } from './model.ts';

const nestingMax = 50;
const text = z.string();
const list = <T extends z.ZodType>(of: T) => z.array(of).min(1).optional();
const designation = z.looseObject({ language: text.optional(), value: text });

type Nested = { [key: string]: unknown };

const concept: z.ZodType<Nested> = z.looseObject({
  code: text,
  display: text.optional(),
  definition: text.optional(),
  designation: list(designation),
  property: list(z.looseObject({ code: text })),
  get concept() {
    return list(concept);
  },
});
const codeSystem = z.looseObject({
  url: text.optional(),
  version: text.optional(),
  content: z.enum(['complete', 'fragment', 'example', 'not-present', 'supplement']).optional(),
  property: list(z.looseObject({ code: text })),
  concept: list(concept),
});

const include = z.looseObject({
  system: text.optional(),
  version: text.optional(),
  concept: list(z.looseObject({ code: text, display: text.optional(), designation: list(designation) })),
  filter: list(z.looseObject({ property: text, op: text, value: text })),
  valueSet: list(text),
});
const contains: z.ZodType<Nested> = z.looseObject({
  system: text.optional(),
  code: text.optional(),
  display: text.optional(),
  designation: list(designation),
  get contains() {
    return list(contains);
  },
});
const valueSet = z.looseObject({
  url: text.optional(),
  compose: z
    .looseObject({ include: list(include), exclude: list(include), inactive: z.boolean().optional() })
    .optional(),
  expansion: z.looseObject({ contains: list(contains) }).optional(),
});

const target = z.looseObject({
  code: text.optional(),
  display: text.optional(),
  equivalence: text.optional(),
  product: list(z.looseObject({ property: text, system: text.optional(), value: text })),
});
const conceptMap = z.looseObject({
  url: text.optional(),
  group: list(
    z.looseObject({
      source: text.optional(),
      target: text.optional(),
      element: list(z.looseObject({ code: text.optional(), target: list(target) })),
      unmapped: z.looseObject({ mode: text, code: text.optional(), url: text.optional() }).optional(),
    }),
  ),
});

/** Faults: unprocessable, with the path of the first element that has the wrong shape; tooLarge past 50 levels. */
function checked<T>(schema: z.ZodType, resource: Resource): T {
  assertNesting(resource);
  const result = schema.safeParse(resource);
  if (result.success) return resource as T;
  const first = result.error.issues[0];
  const path = [resource.resourceType, ...(first?.path ?? [])].join('.');
  throw new Fault('unprocessable', `${path}: ${first?.message ?? 'not as FHIR R4 defines it'}`, { expression: path });
}

function assertNesting(resource: Resource): void {
  let level: unknown[] = [resource];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > nestingMax * 2) throw new Fault('tooLarge', `A ${resource.resourceType} is nested too deeply`);
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
}

export const codeSystemShape = (resource: Resource): CodeSystemResource => checked(codeSystem, resource);
export const valueSetShape = (resource: Resource): ValueSetResource => checked(valueSet, resource);
export const conceptMapShape = (resource: Resource): ConceptMapResource => checked(conceptMap, resource);
