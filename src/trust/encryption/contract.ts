/** The shapes of encryption that pages see. */

/** `GET /api/session/draft-keys`: AES-256 keys in base64. The first seals what is new; the others open what was sealed before the node key was changed. */
export type DraftKeys = { keys: { id: string; key: string }[] };
