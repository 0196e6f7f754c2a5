import { expect, test } from 'vitest';
import { anyTests, tokensTest } from './index-test.ts';

test('tests that stand side by side are one, however many: whoever may ask for so many stops nobody else', () => {
  const many = Array.from({ length: 30_000 }, (_, i) => tokensTest([`a${i}`, 'b'], { exact: i !== 7 }));
  const begun = performance.now();
  const merged = anyTests(many);
  // A copy of what was merged for each test more took a minute.
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(merged).toMatchObject({ kind: 'tokens', exact: false, typed: true, selective: false });
  expect(merged.kind === 'tokens' && merged.tokens.length).toBe(30_001);
});
