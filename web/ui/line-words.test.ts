import i18next from 'i18next';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { expect, test } from 'vitest';
import type { LineSummary } from '#continuity/line/contract.ts';
import { isOutOfReach, LineWords } from './line-words.tsx';
import { uiTexts } from './texts.ts';

const at = Date.parse('2026-11-01T08:05:00Z');
const well: LineSummary = {
  node: 'ward-3',
  tier: 'ward',
  isCutOff: false,
  since: at,
  beyond: { node: 'tromso', isCutOff: false, since: undefined },
  regionAgeMs: 2000,
  dataAgeMs: 1000,
  isFilled: true,
  backlog: 0,
};
const lost: LineSummary = { ...well, beyond: { node: 'tromso', isCutOff: true, since: at }, regionAgeMs: 42 * 60_000 };

async function said(language: 'nb' | 'nn' | 'en', line: LineSummary, isDowntime = false): Promise<string> {
  const texts = i18next.createInstance();
  const resources = { [language]: { ui: uiTexts[language] } };
  const interpolation = { escapeValue: false };
  await texts.use(initReactI18next).init({ lng: language, ns: ['ui'], defaultNS: 'ui', resources, interpolation });
  const words = createElement(LineWords, { line, isDowntime });
  return renderToStaticMarkup(createElement(I18nextProvider, { i18n: texts, children: words })).replace(/<[^>]*>/g, '');
}

test('nothing is said while all is well, nor on a node without a line', async () => {
  expect([isOutOfReach(null), isOutOfReach(undefined), isOutOfReach(well)]).toEqual([false, false, false]);
  expect(await said('nb', well)).toBe('');
});

test('a ward whose hospital has lost the region is told which one, since when, and how old the region’s word is, in three languages', async () => {
  expect(isOutOfReach(lost)).toBe(true);
  expect(await said('nb', lost)).toMatch(
    /^tromso har ikke hatt kontakt med regionen siden .*1\. november.*09\.05\. Det som kommer fra regionen er 42 minutter gammelt\.$/,
  );
  expect(await said('nn', lost)).toMatch(
    /^tromso har ikkje hatt kontakt med regionen sidan .* Det som kjem frå regionen er 42 minutt gammalt\.$/,
  );
  expect(await said('en', lost)).toMatch(
    /^tromso has had no contact with the region since .* What comes from the region is 42 minutes old\.$/,
  );
  const unknown = { ...lost, beyond: { node: 'tromso', isCutOff: true, since: undefined }, regionAgeMs: undefined };
  expect((await said('en', unknown)).trim()).toBe('tromso has no contact with the region.');
});

test('its own line cut comes first: of the next one a node then knows nothing', async () => {
  const cut: LineSummary = { ...well, isCutOff: true, beyond: undefined, dataAgeMs: 3 * 3_600_000, backlog: 2 };
  expect(await said('en', cut)).toMatch(/^No contact with .* since .* 3 hours old\. 2 changes /);
  expect(await said('en', cut, true), 'a downtime says since when').not.toMatch(/since/);
});
