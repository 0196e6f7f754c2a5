/** Binary: bytes in and out as they are, unless the caller speaks FHIR (R4 binary.html#rest). */
import type { FhirAnswer, FhirRequest } from '../http/request.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';

/** A Binary resource from a body that is not FHIR. The id of the address is taken along, as an update must carry it. */
export function binaryFromBytes(
  body: Buffer,
  contentType: string | undefined,
  { id, securityContext }: { id?: string | undefined; securityContext?: string | undefined },
): Resource {
  return {
    resourceType: 'Binary',
    ...(id === undefined ? {} : { id }),
    contentType: contentType ?? 'application/octet-stream',
    ...(securityContext === undefined ? {} : { securityContext: { reference: securityContext } }),
    data: body.toString('base64'),
  };
}

/** The bytes themselves, when the caller's Accept names no FHIR format. */
export function asBytes(request: Pick<FhirRequest, 'headers' | 'parameters'>, answer: FhirAnswer): FhirAnswer {
  const accept = request.headers['accept'] ?? 'application/fhir+json';
  const wantsFhir = /\b(fhir|json|xml)\b/i.test(accept) || request.parameters.some(([name]) => name === '_format');
  if (answer.text === undefined || wantsFhir) return answer;
  const binary = parseJson(answer.text) as { contentType?: string; data?: string };
  const contentType = binary.contentType ?? 'application/octet-stream';
  return {
    ...answer,
    text: undefined,
    raw: { contentType, body: Buffer.from(binary.data ?? '', 'base64') },
    headers: { 'x-content-type-options': 'nosniff', 'content-disposition': 'attachment' },
  };
}
