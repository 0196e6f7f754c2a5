/** On whose word alone a resource stands, as a tag that the record sets. */
import { wordSystem } from '../grant.ts';
import type { Resource } from '../types.ts';

/** Marks what is written with those that trust named, and with nobody whom only the caller named. True where that changed it. */
export function markWords(resource: Resource, words: readonly string[]): boolean {
  const all = Array.isArray(resource.meta?.tag) ? resource.meta.tag : [];
  const own = all.filter(({ system }) => system !== wordSystem);
  if (words.length === 0 && own.length === all.length) return false;
  const tag = [...own, ...words.map((code) => ({ system: wordSystem, code }))];
  const { tag: _tag, ...meta } = resource.meta ?? {};
  resource.meta = tag.length === 0 ? meta : { ...meta, tag };
  return true;
}
