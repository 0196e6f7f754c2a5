/** A whole FHIR API on the worker's own database, asked without a socket. */
import { openRecord, type Record } from '../../src/app.ts';
import { readConfig, type Config } from '#kernel/config.ts';
import { createHttpServer, type HttpServer } from '#kernel/http.ts';
import { wholeGrant } from './grant.ts';
import { testDatabaseUrl } from './database.ts';

export type Answer = {
  status: number;
  headers: { [name: string]: string | string[] | number | undefined };
  text: string;
  /** The body as JSON, when it is any. */
  body: any;
};

export type TestApi = {
  record: Record;
  server: HttpServer;
  ask(method: string, path: string, body?: unknown, headers?: { [name: string]: string }): Promise<Answer>;
  /** Creates a resource and gives it as it was acknowledged. */
  make(resource: object): Promise<any>;
  close(): Promise<void>;
};

export const testBase = 'http://fyr.test/fhir';

/** Settings as the environment would give them; the rest are the defaults, without a sample. */
export function testConfig(environment: { [name: string]: string } = {}): Config {
  return readConfig({ FYR_SAMPLE: '0', FYR_NODE: 'test', FYR_BASE_URL: 'http://fyr.test', ...environment }, '/nowhere')
    .config;
}

export async function testApi(
  environment: { [name: string]: string } = {},
  databaseUrl = testDatabaseUrl(),
): Promise<TestApi> {
  const config = testConfig(environment);
  const record = await openRecord(config, databaseUrl);
  const server = await createHttpServer({ bodyBytesMax: config.limits.bodyBytesMax, requestTimeoutMs: 0 });
  await record.fhir.register(server, '/fhir', async () => ({ grant: wholeGrant, end: () => Promise.resolve() }));
  const ask: TestApi['ask'] = async (method, path, body, headers = {}) => {
    const isText = typeof body === 'string' || Buffer.isBuffer(body);
    const answer = await server.inject({
      method: method as 'GET',
      url: `/fhir${path === '' || path.startsWith('?') ? `/${path}` : `/${path}`}`,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }), ...headers },
      ...(body === undefined ? {} : { payload: isText ? (body as string) : JSON.stringify(body) }),
    });
    return { status: answer.statusCode, headers: answer.headers, text: answer.body, body: jsonOf(answer.body) };
  };
  const make = async (resource: object): Promise<any> => {
    const answer = await ask('POST', (resource as { resourceType: string }).resourceType, resource);
    if (answer.status !== 201) throw new Error(`not created: ${answer.status} ${answer.text.slice(0, 2000)}`);
    return answer.body;
  };
  const close = async (): Promise<void> => {
    await server.close();
    await record.close();
  };
  return { record, server, ask, make, close };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
