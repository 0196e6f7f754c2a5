/** Joins `oidc-provider` to the stores. Clients come from their own table, everything else from `provider_item`. */
import { errors, type Adapter, type AdapterFactory, type AdapterPayload } from 'oidc-provider';
import { clientMetadata, pagesClientId, type KnownClient } from './clients.ts';
import type { ClientStore } from './client-store.ts';
import type { ItemStore } from './provider-store.ts';

export type AdapterDeps = {
  items: ItemStore;
  clients: Pick<ClientStore, 'find'>;
  pages: KnownClient;
  baseUrl: string;
  bearerAllowed: boolean;
};

export function createAdapter(deps: AdapterDeps): AdapterFactory {
  return (model) => (model === 'Client' ? clientAdapter(deps) : itemAdapter(deps.items, model));
}

function itemAdapter(items: ItemStore, model: string): Adapter {
  return {
    async upsert(id, payload, expiresIn = 0) {
      // What has been used up is noted once: of two that come at the same time, one is refused.
      const isNote = model === 'ReplayDetection';
      const kept = await items.put(model, id, payload, expiresIn, isNote);
      if (!kept) throw new errors.InvalidRequest('this assertion or proof has been used already');
    },
    find: (id) => items.find(model, id) as Promise<AdapterPayload | undefined>,
    findByUid: (uid) => items.findByUid(model, uid) as Promise<AdapterPayload | undefined>,
    findByUserCode: async () => undefined,
    async consume(id) {
      if (!(await items.consume(model, id))) throw new errors.InvalidGrant(`${model} has been used already`);
    },
    destroy: (id) => items.remove(model, id),
    revokeByGrantId: (grantId) => items.removeByGrant(grantId),
  };
}

function clientAdapter({ clients, pages, bearerAllowed, baseUrl }: AdapterDeps): Adapter {
  const refuse = async (): Promise<never> => {
    throw new Error('Clients are changed by the command line only.');
  };
  return {
    async find(id) {
      const client = id === pagesClientId ? pages : await clients.find(id);
      return client && clientMetadata(client, bearerAllowed, baseUrl);
    },
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
  };
}
