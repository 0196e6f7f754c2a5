/** What a test of the record itself works under: all of it. */
import { backgroundGrant, nodeGrants } from '#trust/grant.ts';

export const wholeGrant = backgroundGrant('test');
export const testGrants = nodeGrants;
