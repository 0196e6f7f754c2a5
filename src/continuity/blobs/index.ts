/** The door of blobs that are kept safely. */
export { keepBlobs, type BlobPlace, type KeepDeps, type KeptBlobs } from './keep.ts';
export { createScrubber, type ScrubDeps, type Scrubber } from './scrub.ts';
