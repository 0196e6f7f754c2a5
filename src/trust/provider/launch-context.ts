/** SMART launch context: which patient and encounter an application was opened on. */
import { generateKeySync } from 'node:crypto';
import type { ItemStore } from './provider-store.ts';

export type LaunchContext = {
  /** `Patient/id` and `Encounter/id`, without the type. */
  patient?: string;
  encounter?: string;
};

export type Launch = LaunchContext & {
  /** Who opened it: only this person may go on with it. The persona's key. */
  account: string;
  client: string;
};

const launchSeconds = 300;

export type LaunchContexts = {
  /** An EHR launch: gives the value of the `launch` parameter, good for five minutes. */
  createLaunch(launch: Launch): Promise<string>;
  findLaunch(handle: string): Promise<(Launch & { consumed?: number }) | undefined>;
  /** A launch is good for one sign-in; false when it has been. */
  useLaunch(handle: string): Promise<boolean>;
  /** Ties the context to a grant, for as long as the grant lasts. */
  keep(grantId: string, context: LaunchContext, forSeconds: number): Promise<void>;
  of(grantId: string): Promise<LaunchContext>;
};

export function createLaunchContexts(items: ItemStore): LaunchContexts {
  return {
    async createLaunch(launch) {
      const handle = generateKeySync('hmac', { length: 256 }).export().toString('base64url');
      await items.put('Launch', handle, launch, launchSeconds);
      return handle;
    },
    findLaunch: async (handle) => (await items.find('Launch', handle)) as (Launch & { consumed?: number }) | undefined,
    useLaunch: (handle) => items.consume('Launch', handle),
    async keep(grantId, context, forSeconds) {
      await items.put('LaunchContext', grantId, { ...context, grantId }, forSeconds);
    },
    async of(grantId) {
      const { patient, encounter } = ((await items.find('LaunchContext', grantId)) ?? {}) as LaunchContext;
      return { ...(patient === undefined ? {} : { patient }), ...(encounter === undefined ? {} : { encounter }) };
    },
  };
}
