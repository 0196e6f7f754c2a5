/** The door of the region's certificate authority, and of the TLS between its nodes. */
export { initAuthority, unlockAuthority } from './authority-key.ts';
export {
  checkNames,
  createAuthority,
  revocationReasons,
  type CertificateAuthority,
  type RevocationReason,
} from './authority.ts';
export type { IssuedCertificate } from './authority-store.ts';
export { makeRequest } from './certificates.ts';
export { createNodeKeys } from './node-signature.ts';
export { readIdentity, writeIdentity, type NodeIdentity } from './mutual-tls.ts';
export { authorityPassphrase } from './passphrase.ts';
