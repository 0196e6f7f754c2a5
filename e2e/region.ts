/** Where journeys take place: a node that all share, and how one starts one's own to cut, kill or spoil it. */
import { chromium, type Browser } from 'playwright-core';
import { inject } from 'vitest';
import { openDatabase, type Db } from '#kernel/db.ts';
import { readConfig } from '#kernel/config.ts';
import { visiting, type Visiting } from '../test/support/browser.ts';
import { askingOf, type TestNode } from '../test/support/node.ts';

export type SharedNode = Pick<TestNode, 'url' | 'ask' | 'tokenOf'> & { db: Db; visit: Visiting };

let browser: Promise<Browser> | undefined;
let shared: Promise<SharedNode> | undefined;

/** The Chromium of the run: a profile of one's own is `newContext`. It ends with the run. */
export function sharedBrowser(): Promise<Browser> {
  browser ??= chromium.connect(inject('browserAddress'));
  return browser;
}

/**
 * The node of the sample region that all journeys share (40 residents and the personas): add to it as one likes, block, cut, kill, declare or count nothing. Who
 * has signed in once stays signed in for later journeys; who signs out in a journey names an own `language`, or starts an own node.
 */
export function sharedNode(): Promise<SharedNode> {
  shared ??= openShared();
  return shared;
}

async function openShared(): Promise<SharedNode> {
  const { environment, databaseUrl } = inject('sharedNode');
  const { config } = readConfig(environment, environment['FYR_DATA'] as string);
  const db = openDatabase(databaseUrl, { connectionsMax: 2 });
  const { tokens, ask } = askingOf(db, config);
  return { url: config.baseUrl, db, ask, tokenOf: tokens, visit: visiting(await sharedBrowser(), config.baseUrl) };
}
