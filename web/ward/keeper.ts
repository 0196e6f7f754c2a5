/**
 * Keeps a ward on this device: looks whether the node is there, takes its newest word, seals a copy, and hands over what was captured, once. What the pages show
 * is its state; whatever it does is safe to do again.
 */
import type { CaptureEntry, WardAnswer } from '#continuity/ward-browser/contract.ts';
import { Refusal } from '../session/ask.ts';
import { isOpen, refusalOf, requestOf, stateAfter, type Captured, type CaptureState } from './captured.ts';
import { askDeviceKey, makeDeviceKey } from './device-key.ts';
import { first, type KeeperState } from './keeper-state.ts';
import { createNodeCalls } from './node-calls.ts';
import { isOrderedAway, lostOf, settled, withLine } from './ledger.ts';
import type { KeptDevice, Store } from './store.ts';
import { fromBase64, importKey, seal, unseal, unwrapKey, wrapKey } from './vault.ts';

const lookEveryMs = 5000;
/** Each look at a ward is in the log of its patients: not more often than care needs it. */
const refreshMs = 120_000;
const copyAbout = (device: string): string => `copy ${device}`;
const captureAbout = (id: string): string => `capture ${id}`;

export type Keeper = {
  state(): KeeperState;
  listen(changed: () => void): () => void;
  /** Reads what is here, and begins to look for the node. */
  start(): Promise<void>;
  /** Looks for the node now. */
  look(): Promise<void>;
  /** Shows this ward from now on, and keeps it. */
  open(ward: string): Promise<void>;
  refresh(): Promise<void>;
  capture(entry: CaptureEntry, patientName: string): Promise<void>;
  /** A person has decided: so it was; or, it is to be forgotten. */
  decide(id: string, decision: 'confirm' | 'for-other' | 'again' | 'discard'): Promise<void>;
  /** A person has seen what got lost. */
  seeLost(): void;
  /** Seals the copy under the device's own key. False: it could not. */
  lock(): Promise<boolean>;
  unlock(): Promise<boolean>;
  /** Takes the copy off this device. What is not handed over stays until it is. */
  wipe(): Promise<void>;
};

export type KeeperDeps = { store: Store; now(): number };

export function createKeeper({ store, now }: KeeperDeps): Keeper {
  return new WardKeeper(store, now);
}

class WardKeeper implements Keeper {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #calls = createNodeCalls(() => this.#csrf);
  readonly #listeners = new Set<() => void>();
  #state = first;
  #csrf: string | undefined;
  #device: KeptDevice | undefined;
  #key: CryptoKey | undefined;
  /** Of a key that this page was told by the node: only then it can be wrapped. */
  #rawKey: Uint8Array<ArrayBuffer> | undefined;
  #opened: string | undefined;
  /** Until somebody has taken the copy off this device. */
  #mayKeep = true;
  #looking: Promise<void> | undefined;
  #handing: Promise<void> = Promise.resolve();

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  state = (): KeeperState => this.#state;

  listen = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  #set(next: Partial<KeeperState>): void {
    this.#state = { ...this.#state, ...next };
    for (const changed of this.#listeners) changed();
  }

  async start(): Promise<void> {
    try {
      await this.#readStore();
    } catch {
      this.#set({ isStoreBroken: true });
    }
    this.#tellLost();
    await this.look();
    setInterval(() => void this.look(), lookEveryMs);
    addEventListener('online', () => void this.look());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void this.look());
  }

  async #readStore(): Promise<void> {
    const device = await this.#store.device();
    this.#device = device;
    if (device === undefined) return;
    const isLocked = device.key.kind === 'wrapped';
    this.#set({ isLocked, keptUntil: device.until, person: device.person });
    if (device.key.kind === 'here') await this.#useKey(device.key.key);
    // Nobody who signed out, and nobody who came too late, is shown what is here.
    if (isOrderedAway(device, this.#store.signedOutAt(), this.#now())) await this.#removeCopy();
  }

  async #useKey(key: CryptoKey): Promise<void> {
    this.#key = key;
    const device = this.#device as KeptDevice;
    const kept = await this.#store.captures();
    const opened = await Promise.all(kept.map(({ id, sealed }) => unseal<Captured>(key, captureAbout(id), sealed)));
    const captures = opened.filter((one) => one !== undefined);
    const copy = await this.#store.copy();
    const ward = copy && (await unseal<WardAnswer>(key, copyAbout(device.device), copy.sealed));
    this.#opened ??= ward?.ward;
    this.#set({ captures, isLocked: false, ...(ward === undefined ? {} : { ward, isCopy: true }) });
    this.#tellLost();
  }

  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(): Promise<void> {
    try {
      const session = await this.#calls.session();
      if (!session.signedIn) return await this.#onSignedOut();
      if (session.kind !== 'personnel' || session.role?.duty !== 'care') return this.#set({ phase: 'not-for-you' });
      this.#csrf = session.csrf;
      const person = { id: session.id, name: session.name };
      this.#set({ phase: 'ready', contact: 'node', goneSince: undefined, person, csrf: session.csrf });
      await this.#handOverAll();
      await this.#askLost();
      if (this.#state.wards === undefined) this.#set({ wards: (await this.#calls.wards()).wards });
      if (this.#opened !== undefined && this.#isStale()) await this.refresh();
    } catch (error) {
      this.#onTrouble(error);
    }
  }

  #isStale(): boolean {
    const { ward, isCopy } = this.#state;
    return isCopy || ward === undefined || this.#now() - ward.at > refreshMs;
  }

  #onTrouble(error: unknown): void {
    if (error instanceof Refusal) {
      // It answers: what it says is about what was asked.
      this.#set({ phase: 'ready', contact: error.status >= 502 ? 'gone' : 'node', problem: error.message });
      return;
    }
    const goneSince = this.#state.goneSince ?? this.#now();
    this.#set({ phase: 'ready', contact: 'gone', goneSince });
    const { keptUntil } = this.#state;
    if (keptUntil !== undefined && keptUntil < this.#now()) void this.#removeCopy();
  }

  async #onSignedOut(): Promise<void> {
    this.#csrf = undefined;
    this.#set({ phase: 'signed-out', contact: 'node', goneSince: undefined, ward: undefined });
    await this.#removeCopy();
  }

  async open(ward: string): Promise<void> {
    this.#opened = ward;
    const { ward: shown, contact } = this.#state;
    if (shown?.ward === ward && (contact !== 'node' || !this.#isStale())) return;
    if (contact === 'node') await this.refresh();
  }

  async refresh(): Promise<void> {
    const ward = this.#opened;
    if (ward === undefined) return;
    try {
      if (this.#mayKeep) await this.#beKnown(ward);
      const device = this.#device?.ward === ward ? this.#device.device : undefined;
      const { device: told, ...answer } = await this.#calls.ward(ward, device);
      this.#set({ ward: answer, isCopy: false, problem: undefined });
      if (told?.mustWipe === true) await this.#wipeByOrder(device as string);
      else if (told !== undefined) await this.#keep(answer, told.until);
    } catch (error) {
      this.#onTrouble(error);
    }
  }

  /** This device has a key of the node's for this ward and this person. */
  async #beKnown(ward: string): Promise<void> {
    const { person, isLocked, isStoreBroken } = this.#state;
    const known = this.#device;
    if (person === undefined || isStoreBroken || isLocked) return;
    if (known !== undefined && known.ward === ward && known.person.id === person.id && this.#key !== undefined) return;
    const made = await this.#calls.makeDevice(ward, deviceName());
    this.#rawKey = fromBase64(made.key);
    const key = await importKey(this.#rawKey);
    const { device, until } = made;
    try {
      // What the last one left is sealed anew: nothing that waits is lost by a change of hands.
      await this.#store.removeCopy();
      for (const capture of this.#state.captures.filter(isOpen))
        await this.#store.putCapture({ id: capture.id, sealed: await seal(key, captureAbout(capture.id), capture) });
      this.#device = { device, ward, person, until, since: this.#now(), key: { kind: 'here', key } };
      await this.#store.putDevice(this.#device);
      this.#key = key;
      this.#set({ keptUntil: until });
    } catch {
      this.#set({ isStoreBroken: true });
    }
  }

  async #keep(ward: WardAnswer, until: number): Promise<void> {
    const [device, key] = [this.#device, this.#key];
    if (device === undefined || key === undefined) return;
    try {
      await this.#store.putCopy({ heardAt: ward.heardAt, sealed: await seal(key, copyAbout(device.device), ward) });
      this.#device = { ...device, until };
      await this.#store.putDevice(this.#device);
      this.#set({ keptUntil: until, isStoreBroken: false });
    } catch {
      this.#set({ isStoreBroken: true });
    }
  }

  async capture(entry: CaptureEntry, patientName: string): Promise<void> {
    const { person, captures } = this.#state;
    const by = { reference: `Practitioner/${person?.id ?? ''}`, name: person?.name ?? '' };
    const typedAt = new Date(this.#now()).toISOString();
    const id = crypto.randomUUID();
    const made: Captured = {
      id,
      ward: this.#opened ?? '',
      patientName,
      entry,
      typedAt,
      by,
      state: { name: 'waiting' },
    };
    const isKept = await this.#putCapture(made);
    if (isKept) {
      const line = { id, kind: entry.kind, at: this.#now(), isSettled: false };
      this.#store.writeLedger(withLine(this.#store.ledger(), line, this.#now()));
    }
    this.#set({ captures: [...captures, isKept ? made : { ...made, isVolatile: true }] });
    // It is kept: whoever wrote it need not wait until it is handed over.
    if (this.#state.contact === 'node') void this.look();
  }

  async #putCapture(capture: Captured): Promise<boolean> {
    const key = this.#key;
    if (key === undefined) return false;
    try {
      await this.#store.putCapture({ id: capture.id, sealed: await seal(key, captureAbout(capture.id), capture) });
      return true;
    } catch {
      this.#set({ isStoreBroken: true });
      return false;
    }
  }

  /** One after another, so that nothing is under way twice from here. */
  #handOverAll(): Promise<void> {
    this.#handing = this.#handing.then(() => this.#handOverWaiting());
    const handed = this.#handing;
    this.#handing = handed.catch(() => undefined);
    return handed;
  }

  async #handOverWaiting(): Promise<void> {
    let hasWritten = false;
    for (const { id, state } of this.#state.captures) {
      const capture = this.#state.captures.find((one) => one.id === id);
      if (state.name !== 'waiting' || capture === undefined) continue;
      const next = await this.#handOver(capture);
      hasWritten ||= next.name === 'recorded';
      await this.#putState(id, next);
    }
    if (hasWritten && this.#opened !== undefined) await this.refresh();
  }

  async #handOver(capture: Captured): Promise<CaptureState> {
    try {
      return stateAfter(await this.#calls.handOver(capture.id, requestOf(capture, this.#device?.device)));
    } catch (error) {
      const refused = refusalOf(error);
      if (refused === undefined) throw error;
      return refused;
    }
  }

  async #putState(id: string, state: CaptureState): Promise<void> {
    await this.#change(id, (capture) => ({ ...capture, state }));
    if (state.name !== 'recorded') return;
    this.#store.writeLedger(settled(this.#store.ledger(), [id]));
    await this.#store.removeCapture(id).catch(() => undefined);
  }

  async #change(id: string, change: (capture: Captured) => Captured): Promise<void> {
    const captures = this.#state.captures.map((one) => (one.id === id ? change(one) : one));
    this.#set({ captures });
    const changed = captures.find((one) => one.id === id);
    if (changed !== undefined && isOpen(changed) && changed.isVolatile !== true) await this.#putCapture(changed);
  }

  async decide(id: string, decision: 'confirm' | 'for-other' | 'again' | 'discard'): Promise<void> {
    if (decision === 'discard') {
      this.#store.writeLedger(settled(this.#store.ledger(), [id]));
      await this.#store.removeCapture(id).catch(() => undefined);
      this.#set({ captures: this.#state.captures.filter((one) => one.id !== id) });
      return;
    }
    const more = decision === 'confirm' ? { isConfirmed: true } : decision === 'for-other' ? { isForOther: true } : {};
    await this.#change(id, (capture) => ({ ...capture, ...more, state: { name: 'waiting' } }));
    await this.look();
  }

  #tellLost(): void {
    if (this.#state.isLocked) return;
    const here = this.#state.captures.map(({ id }) => id);
    this.#set({ lost: { lines: lostOf(this.#store.ledger(), here), areKnown: false } });
  }

  /** What is gone from here may have come to the node all the same. */
  async #askLost(): Promise<void> {
    const { lost } = this.#state;
    if (lost.lines.length === 0 || lost.areKnown) return;
    const { captures } = await this.#calls.known(lost.lines.map(({ id }) => id));
    const came = captures.filter(({ isRecorded }) => isRecorded).map(({ id }) => id);
    this.#store.writeLedger(settled(this.#store.ledger(), came));
    this.#set({ lost: { lines: lost.lines.filter(({ id }) => !came.includes(id)), areKnown: true } });
  }

  seeLost(): void {
    const ids = this.#state.lost.lines.map(({ id }) => id);
    this.#store.writeLedger(settled(this.#store.ledger(), ids));
    this.#set({ lost: { lines: [], areKnown: true } });
  }

  async lock(): Promise<boolean> {
    const [device, raw] = [this.#device, this.#rawKey];
    if (device === undefined || raw === undefined) return false;
    const own = await makeDeviceKey(device.person.name);
    if (own === undefined) return false;
    const { secret, ...of } = own;
    this.#device = { ...device, key: { kind: 'wrapped', wrapped: await wrapKey(raw, secret, of) } };
    await this.#store.putDevice(this.#device);
    this.#rawKey = undefined;
    this.#set({});
    return true;
  }

  async unlock(): Promise<boolean> {
    const device = this.#device;
    if (device?.key.kind !== 'wrapped') return false;
    const { wrapped } = device.key;
    const secret = await askDeviceKey(wrapped.credential, wrapped.salt);
    const key = secret && (await unwrapKey(wrapped, secret));
    if (key === undefined) return false;
    await this.#useKey(key);
    await this.look();
    return true;
  }

  async #wipeByOrder(device: string): Promise<void> {
    await this.#removeCopy();
    this.#mayKeep = false;
    this.#set({ isWiped: true });
    await this.#calls.tellWiped(device).catch(() => undefined);
  }

  async wipe(): Promise<void> {
    this.#mayKeep = false;
    await this.#removeCopy();
  }

  async #removeCopy(): Promise<void> {
    const { isCopy, captures, isLocked } = this.#state;
    const mustStay = isLocked || captures.some((one) => isOpen(one) && one.isVolatile !== true);
    try {
      await this.#store.removeCopy();
      if (!mustStay) await this.#store.removeAll();
    } catch {
      this.#set({ isStoreBroken: true });
    }
    if (!mustStay) [this.#device, this.#key, this.#rawKey] = [undefined, undefined, undefined];
    this.#set({ keptUntil: undefined, ...(isCopy ? { ward: undefined, isCopy: false } : {}) });
  }
}

/** What an operator calls this browser by: no more than a person says of it. */
function deviceName(): string {
  const agent = navigator.userAgent;
  const browser = ['Firefox', 'Edg', 'Chrome', 'Safari'].find((name) => agent.includes(name)) ?? 'nettleser';
  const system = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac', 'Linux'].find((name) => agent.includes(name)) ?? '';
  return [browser === 'Edg' ? 'Edge' : browser, system].filter(Boolean).join(', ');
}
