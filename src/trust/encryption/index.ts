/** The door of encryption: what other parts seal and keep with. */
export type { BlobAddress, BlobStore } from './blobs.ts';
export { registerDraftKeys } from './draft-keys.ts';
export { keyStates, type KeyState } from './key-states.ts';
export { openKeyring, type Keyring } from './keyring.ts';
export { openEncryption, type Encryption } from './open.ts';
export { removeNodeKey, wrapAnew, type Rotation } from './rotate.ts';
export type { Bytes } from './sealed-stream.ts';
export type { Vault } from './vault.ts';
