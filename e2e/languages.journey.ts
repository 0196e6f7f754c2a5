/** Each role’s own front page, in all three languages, on a phone and at a desk, light and dark. */
import { beforeAll, expect } from 'vitest';
import { desktop, expectGood, heading, inBrowser, phone } from '../test/support/browser.ts';
import { sharedNode, type SharedNode } from './region.ts';

let at: SharedNode;
beforeAll(async () => {
  at = await sharedNode();
});

const roles = [
  ['a doctor', 'Ingrid Bergvik', /./],
  ['a general practitioner', 'Marit Steinhaug', /./],
  ['a pharmacist', 'Øystein Furulund', /./],
  ['a privacy officer', 'Tove Granheim', /./],
  ['an operator', 'Stian Vassbø', /./],
  ['a citizen', 'Torleif Nordskog', /./],
] as const;

for (const [role, as, title] of roles)
  inBrowser(`${role} is met by a page of their own in nb, nn and en`, async () => {
    for (const [language, viewport, colorScheme] of [
      ['nb', phone, 'light'],
      ['nn', desktop, 'dark'],
      ['en', phone, 'dark'],
    ] as const) {
      const seen = await at.visit('/', { as, language, viewport, colorScheme });
      await heading(seen.page, title).waitFor();
      expect(await seen.page.getAttribute('html', 'lang')).toBe(language);
      await expectGood(seen);
      await seen.close();
    }
  });
