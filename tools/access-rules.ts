/** Writes docs/access-rules.md from the table of cases of the policy. Run: `node tools/access-rules.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cases } from '../src/trust/policy/cases/all-test.ts';
import { accessRulesPage } from '../src/trust/policy/cases/page-test.ts';

writeFileSync(join(import.meta.dirname, '../docs/access-rules.md'), accessRulesPage(cases));
