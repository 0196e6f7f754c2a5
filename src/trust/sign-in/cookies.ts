/**
 * The cookies of signing in. HttpOnly, so that no script sees them. Where the node is reached by https they are Secure and named `__Host-…`: bound to
 * this very host; else (a trial) with the port, since several nodes on one machine would share a name. SameSite=Lax, not Strict: with Strict one who comes from the issuer, from another system or from a letter's link would look signed
 * out; what Lax lets through are plain links, which change nothing, and every change is checked besides (`csrf.ts`).
 */
export type Cookies = {
  /** The secret of the session in a Cookie header; undefined where there is none. */
  session(header: string | undefined): string | undefined;
  /** That of a sign-in under way. */
  attempt(header: string | undefined): string | undefined;
  /** Values of Set-Cookie. */
  setSession(secret: string): string;
  setAttempt(secret: string, seconds: number): string;
  clearSession(): string;
  clearAttempt(): string;
};

/** Secrets are 32 random bytes. */
const secretShape = /^[A-Za-z0-9_-]{43}$/;

export function createCookies(baseUrl: string): Cookies {
  const { protocol, port } = new URL(baseUrl);
  const isSecure = protocol === 'https:';
  const session = isSecure ? '__Host-fyr' : `fyr-${port || '80'}`;
  const attempt = `${session}-start`;
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  return {
    session: (header) => read(header, session),
    attempt: (header) => read(header, attempt),
    setSession: (secret) => `${session}=${secret}; ${attributes}`,
    setAttempt: (secret, seconds) => `${attempt}=${secret}; ${attributes}; Max-Age=${seconds}`,
    clearSession: () => `${session}=; ${attributes}; Max-Age=0`,
    clearAttempt: () => `${attempt}=; ${attributes}; Max-Age=0`,
  };
}

function read(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at < 0 || part.slice(0, at).trim() !== name) continue;
    const value = part.slice(at + 1).trim();
    if (secretShape.test(value)) return value;
  }
  return undefined;
}
