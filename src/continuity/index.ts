/** The door of continuity: the lines between nodes. */
export { addNode, type NewNode } from './line/add-node.ts';
export type { LineState, LineSummary, LineTry, LowerLine, UpperLine } from './line/contract.ts';
export { enrolNode, fillNode } from './line/join.ts';
export { identityFolder } from './line/identity-folder.ts';
export { openLine, type Line } from './line/open.ts';
export { findOrganization } from './line/nodes-store.ts';
export { openTcpProxy, type Passage, type Passing, type TcpProxy } from './line/tcp-proxy.ts';
export { registerLineRoutes } from './line/routes.ts';
export { readWriterName } from './node/writer-store.ts';
export { versionsOperation } from './node/versions-operation.ts';
export { findArrivals, findVersionBeside, type KnownVersion } from './node/known-versions.ts';
