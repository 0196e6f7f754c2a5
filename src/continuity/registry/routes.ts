/** `/api/nodes`: the nodes of a region, for its operators. What changes something is in the access log before it is done. */
import type { FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import { refuseWhoIsNoOperator, type OperatorDoor } from '../operations/operator.ts';
import * as contract from './contract.ts';
import type { Registry } from './registry.ts';

export type RegistryRouteDeps = {
  node: string;
  door: Pick<OperatorDoor, 'requireOperator' | 'logged'>;
  /** The registry, or why there is none here. */
  registry: Registry | Exclude<contract.Authority, 'here'>;
};

export function registerRegistryRoutes(server: HttpServer, { node, door, registry }: RegistryRouteDeps): void {
  const here = (): Registry => {
    if (typeof registry === 'object') return registry;
    throw new Fault('conflict', notHere[registry]);
  };
  const changing = <T>(request: FastifyRequest, what: string, work: (registry: Registry) => Promise<T>): Promise<T> =>
    door.logged(request, what, refuseWhoIsNoOperator, () => work(here()));
  server.get('/api/nodes', async (request, reply) => {
    await door.requireOperator(request, 'nodes');
    const isHere = typeof registry === 'object';
    const nodes = isHere ? await registry.list() : [];
    return reply.send({ node, authority: isHere ? 'here' : registry, nodes } satisfies contract.NodesAnswer);
  });
  server.get('/api/nodes/places', async (request, reply) => {
    await door.requireOperator(request, 'places of care');
    const { name } = parse(contract.placesQuery, request.query);
    return reply.send({ places: await here().places(name) } satisfies contract.PlacesAnswer);
  });
  server.post('/api/nodes', async (request, reply) => {
    const made = await changing(request, 'node: add', (nodes) => nodes.add(parse(contract.addRequest, request.body)));
    return reply.code(201).send(made satisfies contract.CodeAnswer);
  });
  server.post('/api/nodes/:name/code', async (request, reply) => {
    const name = nameOf(request);
    const made = await changing(request, `node: code for ${name}`, (nodes) =>
      nodes.code(name, parse(contract.codeRequest, request.body).hosts),
    );
    return reply.send(made satisfies contract.CodeAnswer);
  });
  server.post('/api/nodes/:name/revoke', async (request, reply) => {
    const name = nameOf(request);
    const certificates = await changing(request, `node: revoke ${name}`, (nodes) =>
      nodes.revoke(name, parse(contract.revokeRequest, request.body).reason),
    );
    return reply.send({ node: name, certificates } satisfies contract.RevokedAnswer);
  });
  server.post('/api/nodes/:name/remove', async (request, reply) => {
    const name = nameOf(request);
    await changing(request, `node: remove ${name}`, (nodes) => {
      parse(contract.removeRequest, request.body);
      return nodes.remove(name);
    });
    return reply.send({});
  });
}

const notHere = {
  'not-region': 'Nodes are let in and revoked at the region.',
  'no-lines': 'This node has no port for lines to others (FYR_LINE_PORT).',
  'no-passphrase': "This node was started without the passphrase of the authority's key (FYR_CA_PASSPHRASE).",
} as const satisfies Record<Exclude<contract.Authority, 'here'>, string>;

/** As it is in the log too: nothing but a name. */
const nameOf = (request: FastifyRequest): string =>
  parse(contract.addRequest.pick({ name: true }), { name: (request.params as { name: string }).name }).name;
