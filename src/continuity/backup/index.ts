/** The door of backup and restore. */
export { makeBackup, type BackupDeps, type BackupOptions, type Made } from './make.ts';
export { openBackupFolder, type BackupEntry, type BackupFolder } from './folder.ts';
export { chooseBackup, restoreInto, verifyBackup, type Checked, type Restored } from './restore.ts';
export { restoreBlobs, type RestoredBlobs } from './blob-files.ts';
export { restoreSmallFiles, type SmallFiles } from './small-files.ts';
export { lastBackup, listBackups, noteVerified, type MadeBackup } from './copy-store.ts';
export { pruneBackups } from './prune.ts';
export type { Manifest } from './manifest.ts';
