/** The door of the region's certificate authority, and of the TLS between its nodes. */
export { authorityCertificate, initAuthority, unlockAuthority } from './authority-key.ts';
export { createAuthority, revocationReasons, type CertificateAuthority, type RevocationReason } from './authority.ts';
export type { IssuedCertificate } from './authority-store.ts';
export { makeRequest } from './certificates.ts';
export { readEnrolmentCode, type EnrolmentCode } from './enrolment-code.ts';
export { mutualTlsOptions, nodeOf, readIdentity, writeIdentity, type NodeIdentity } from './mutual-tls.ts';
