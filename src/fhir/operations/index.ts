/** Every operation of this node. The router and the CapabilityStatement read this list. */
import { exportOperations } from '../export/operations.ts';
import { reindexOperations } from '../reindex/operations.ts';
import { everything } from './everything.ts';
import { meta, metaAdd, metaDelete } from './meta.ts';
import type { Operation } from './operation.ts';
import { subscriptionOperations } from './subscription.ts';
import { terminologyOperations } from './terminology.ts';
import { validate } from './validate.ts';

export const operations: readonly Operation[] = [
  validate,
  everything,
  meta,
  metaAdd,
  metaDelete,
  ...terminologyOperations,
  ...subscriptionOperations,
  ...exportOperations,
  ...reindexOperations,
];
