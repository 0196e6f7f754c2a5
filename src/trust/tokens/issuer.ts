/** An issuer whose tokens are taken, and what is said of those that are not. */
import { Fault } from '#kernel/fault.ts';

export type TrustedIssuer = {
  /** Short name in addresses and the log. */
  name: string;
  /** `embedded`: the provider of this very node, for trials. */
  kind: 'embedded' | 'helseid' | 'idporten' | 'openid';
  /** As it names itself in `iss`. */
  url: string;
  /** What `aud` of its access tokens must say. */
  audience: string;
  /** What its own API scopes allow here, as SMART scopes with blanks between. */
  scopeMeanings?: { readonly [scope: string]: string } | undefined;
  /** Client ids of systems that are the region's own. Those of the embedded provider are by how they were added. */
  regionClients?: readonly string[];
};

/** What may be signed with: those of HelseID's security profile. Neither `none` nor a shared secret. */
export const algorithms = ['ES256', 'PS256', 'RS256', 'ES384', 'PS384', 'RS384', 'ES512', 'PS512', 'RS512'];

/** The value of WWW-Authenticate for one who sent no credentials (RFC 9449 §7.1). */
export const challenge = `DPoP algs="${algorithms.join(' ')}"`;

export type TokenError =
  | 'invalid_token'
  | 'invalid_dpop_proof'
  | 'invalid_request'
  | 'insufficient_user_authentication';

/** A refusal of credentials, with its WWW-Authenticate. `more`: further parameters of the challenge. */
export function refused(error: TokenError, message: string, more = '', cause?: unknown): Fault {
  // RFC 6750 §3: neither quotes nor backslashes nor anything beyond ASCII.
  const description = message.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'");
  return new Fault('unauthenticated', message, {
    challenge: `${challenge}, error="${error}", error_description="${description}"${more}`,
    ...(cause === undefined ? {} : { cause }),
  });
}
