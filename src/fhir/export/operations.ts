/**
 * $export over the API (Bulk Data Access 2.0, https://hl7.org/fhir/uv/bulkdata/STU2/export.html): kick-off on three levels, the address to follow
 * and cancel it by, and the files.
 */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import { parameter, type FhirAnswer } from '../http/request.ts';
import { addressOf } from '../interactions/bundle.ts';
import { parseJson } from '../json/index.ts';
import type { Operation, OperationCall, OperationLevel } from '../operations/operation.ts';
import { readCurrent } from '../record/reading.ts';
import type { ExportJob } from './export-store.ts';
import type { Exports } from './exports.ts';
import { readExportRequest, type ExportLevel } from './request.ts';

type Context = Pick<RequestContext, 'db' | 'search' | 'definitions' | 'settings' | 'grant'> & { exports: Exports };

function exportAt(at: OperationLevel, type: string | undefined, level: ExportLevel, definition: string): Operation {
  return {
    name: 'export',
    definition: `http://hl7.org/fhir/uv/bulkdata/OperationDefinition/${definition}`,
    levels: [at],
    ...(type === undefined ? {} : { types: [type] }),
    affectsState: false,
    handle: (context: RequestContext & Context, call) => kickOff(context, call, level),
  };
}

export const exportSystem = exportAt('system', undefined, 'system', 'export');
export const exportPatients = exportAt('type', 'Patient', 'patient', 'patient-export');
export const exportGroup = exportAt('instance', 'Group', 'group', 'group-export');

async function kickOff(context: Context, call: OperationCall, level: ExportLevel): Promise<FhirAnswer> {
  if (call.request.method === 'DELETE')
    throw new Fault('methodNotAllowed', 'An export is ended at its status address.');
  const { model, compartments } = context.definitions;
  const deps = { model, compartments, parse: context.exports.parse };
  const group = level === 'group' ? { group: await membersOf(context, call.id as string) } : {};
  const request = readExportRequest(deps, call, {
    level,
    address: addressOf({ ...call.request, baseUrl: context.settings.baseUrl }),
    ...group,
  });
  const id = await context.exports.begin(request, context.grant.owner);
  return { status: 202, headers: { 'content-location': statusAddress(context, id) } };
}

const statusAddress = ({ settings }: Context, id: string): string =>
  `${settings.baseUrl}/$export-status?job=${encodeURIComponent(id)}`;

/** The patients that are members now. */
async function membersOf(context: Context, id: string): Promise<string[]> {
  const stored = await readCurrent(context, 'Group', id);
  if (!stored?.content) throw new Fault('notFound', `Group/${id} is not here.`);
  const { member = [] } = parseJson(stored.content) as {
    member?: { inactive?: boolean; entity?: { reference?: string } }[];
  };
  return member.flatMap(({ inactive, entity }) => {
    const patient = /^Patient\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/.*)?$/.exec(entity?.reference ?? '')?.[1];
    return inactive === true || patient === undefined ? [] : [patient];
  });
}

export const exportStatus: Operation = {
  name: 'export-status',
  definition: 'urn:fyr:operation:export-status',
  levels: ['system'],
  affectsState: false,
  async handle(context: RequestContext & Context, { request }) {
    const id = parameter(request, 'job') ?? '';
    if (request.method === 'POST')
      throw new Fault('methodNotAllowed', 'An export is followed by GET, ended by DELETE.');
    if (request.method === 'DELETE') {
      if (!(await context.exports.remove(id, context.grant.owner))) throw noSuchExport();
      return { status: 202 };
    }
    const job = await context.exports.find(id, context.grant.owner);
    if (job === undefined) throw noSuchExport();
    if (job.state === 'failed') return failed(job);
    return job.state === 'done' ? complete(context, job) : inProgress(job);
  },
};

const noSuchExport = (): Fault =>
  new Fault('notFound', 'There is no such export: it was cancelled, has expired, or never was.');

function inProgress({ state, walked, resources }: ExportJob): FhirAnswer {
  const progress = state === 'waiting' ? 'waiting' : `${Math.floor(walked * 100)} %, ${resources} resources`;
  return { status: 202, headers: { 'x-progress': progress, 'retry-after': walked > 0.8 ? '1' : '2' } };
}

function failed({ failure }: ExportJob): FhirAnswer {
  return {
    status: failure?.status ?? 500,
    resource: { resourceType: 'OperationOutcome', issue: failure?.issue ?? [] },
  };
}

/** The manifest. It is JSON, not FHIR. */
function complete(context: Context, job: ExportJob): FhirAnswer {
  const expires = context.exports.expiryOf(job);
  const output = job.files.map(({ name, of, count }) => ({
    type: of === 'deleted' ? 'Bundle' : of,
    url: `${context.settings.baseUrl}/$export-file?job=${encodeURIComponent(job.id)}&file=${encodeURIComponent(name)}`,
    count,
    isDeletion: of === 'deleted',
  }));
  const listed = (isDeletion: boolean): object[] =>
    output.filter((one) => one.isDeletion === isDeletion).map(({ type, url, count }) => ({ type, url, count }));
  const manifest = {
    transactionTime: new Date(job.transactionTime).toISOString(),
    request: job.request.address,
    requiresAccessToken: true,
    output: listed(false),
    deleted: listed(true),
    error: [],
  };
  return {
    status: 200,
    raw: { contentType: 'application/json', body: JSON.stringify(manifest) },
    ...(expires === undefined ? {} : { headers: { expires: new Date(expires).toUTCString() } }),
  };
}

export const exportFile: Operation = {
  name: 'export-file',
  definition: 'urn:fyr:operation:export-file',
  levels: ['system'],
  affectsState: false,
  async handle(context: RequestContext & Context, { request }) {
    if (request.method !== 'GET') throw new Fault('methodNotAllowed', 'A file is read by GET.');
    const acceptsGzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(request.headers['accept-encoding'] ?? '');
    const [job = '', name = ''] = [parameter(request, 'job'), parameter(request, 'file')];
    const { file, stream, isGzip } = await context.exports.read(job, name, acceptsGzip, context.grant.owner);
    return {
      status: 200,
      raw: { contentType: 'application/fhir+ndjson', body: stream },
      headers: {
        vary: 'accept-encoding',
        ...(isGzip ? { 'content-encoding': 'gzip' } : { 'content-length': String(file.bytes) }),
      },
    };
  },
};

export const exportOperations: readonly Operation[] = [
  exportSystem,
  exportPatients,
  exportGroup,
  exportStatus,
  exportFile,
];
