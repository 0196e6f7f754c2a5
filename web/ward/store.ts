/**
 * What lies on this device: the device as the node knows it, a sealed copy of one ward, and captures that are not settled. Beside it, in another store of the
 * browser, a ledger without anything of a patient: which captures were made and when, so that what got lost can be told.
 */
import type { CaptureKind } from '#continuity/ward-browser/contract.ts';
import type { Sealed, Wrapped } from './vault.ts';

export type Person = { id: string; name: string };

export type KeptDevice = {
  device: string;
  ward: string;
  person: Person;
  /** When the node gave the key, milliseconds since 1970. */
  since: number;
  /** Until when the copy may be kept, milliseconds since 1970. */
  until: number;
  key: { kind: 'here'; key: CryptoKey } | { kind: 'wrapped'; wrapped: Wrapped };
};

export type KeptCopy = { heardAt: number; sealed: Sealed };
export type KeptCapture = { id: string; sealed: Sealed };
/** `isSettled`: it is in the record, or a person has thrown it away. */
export type LedgerLine = { id: string; kind: CaptureKind; at: number; isSettled: boolean };

export type Store = {
  device(): Promise<KeptDevice | undefined>;
  putDevice(device: KeptDevice): Promise<void>;
  copy(): Promise<KeptCopy | undefined>;
  putCopy(copy: KeptCopy): Promise<void>;
  removeCopy(): Promise<void>;
  captures(): Promise<KeptCapture[]>;
  /** On the disk when it resolves, as far as a browser can tell. */
  putCapture(capture: KeptCapture): Promise<void>;
  removeCapture(id: string): Promise<void>;
  /** Device, copy and captures. */
  removeAll(): Promise<void>;
  ledger(): LedgerLine[];
  writeLedger(lines: readonly LedgerLine[]): void;
  /** When somebody signed out on this browser, milliseconds since 1970; 0: not since. */
  signedOutAt(): number;
};

const name = 'fyr-ward';
const ledgerKey = 'fyr-ward-ledger';
const signedOutKey = 'fyr-signed-out';

export function openStore(databases: IDBFactory, beside: Storage): Store {
  let opened: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    opened ??= openDatabase(databases).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const write = async (store: string, work: (objects: IDBObjectStore) => void): Promise<void> => {
    const transaction = (await open()).transaction(store, 'readwrite', { durability: 'strict' });
    work(transaction.objectStore(store));
    await done(transaction);
  };
  const read = async <Value>(store: string, key: string): Promise<Value | undefined> => {
    const objects = (await open()).transaction(store).objectStore(store);
    return answer<Value | undefined>(objects.get(key) as IDBRequest<Value | undefined>);
  };
  return {
    device: () => read<KeptDevice>('single', 'device'),
    putDevice: (device) => write('single', (objects) => objects.put(device, 'device')),
    copy: () => read<KeptCopy>('single', 'copy'),
    putCopy: (copy) => write('single', (objects) => objects.put(copy, 'copy')),
    removeCopy: () => write('single', (objects) => objects.delete('copy')),
    async captures() {
      const objects = (await open()).transaction('captures').objectStore('captures');
      return answer<KeptCapture[]>(objects.getAll() as IDBRequest<KeptCapture[]>);
    },
    putCapture: (capture) => write('captures', (objects) => objects.put(capture, capture.id)),
    removeCapture: (id) => write('captures', (objects) => objects.delete(id)),
    async removeAll() {
      await write('single', (objects) => objects.clear());
      await write('captures', (objects) => objects.clear());
    },
    ledger() {
      try {
        const lines: unknown = JSON.parse(beside.getItem(ledgerKey) ?? '[]');
        return Array.isArray(lines) ? (lines as LedgerLine[]) : [];
      } catch {
        return [];
      }
    },
    writeLedger: (lines) => beside.setItem(ledgerKey, JSON.stringify(lines)),
    signedOutAt: () => Number(beside.getItem(signedOutKey) ?? 0),
  };
}

function openDatabase(databases: IDBFactory): Promise<IDBDatabase> {
  const request = databases.open(name, 1);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore('single');
    request.result.createObjectStore('captures');
  });
  return answer(request);
}

function answer<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('The store of the browser failed.')));
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (): void => reject(transaction.error ?? new Error('The store of the browser failed.'));
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('error', failed);
    transaction.addEventListener('abort', failed);
  });
}
