/** The door of encryption: what other parts seal and keep with. */
export { openBackup, sealBackup } from './backup.ts';
export { createBlobStore, type BlobAddress, type BlobStore } from './blobs.ts';
export { keyStates, type KeyState } from './key-states.ts';
export { openKeyring, type Keyring } from './keyring.ts';
export { encryptionJobs, removeNodeKey, wrapAnew, wrapAnewJob, type Rotation } from './rotate.ts';
export { Damage, type Bytes } from './sealed-stream.ts';
export { createVault, type Vault } from './vault.ts';
