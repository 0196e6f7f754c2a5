/** Who sent a request: made by `sign-in/` from a session cookie or a checked token, read by the policy and the access log. */
import type { Subject } from './subject.ts';

export type Caller = {
  subject: Subject;
  /** Names the page session, or the token, for the access log: never the secret itself. */
  session?: string;
  /** The address that the request came from. */
  address: string;
  /** The trust framework's attestation as it was sent, unchecked: a JWS or JSON, from a header or the token's authorization details. */
  attestation?: string;
  /** The token of a trial came as Bearer (`FYR_TRIAL_BEARER`): shown in a banner. */
  isTrialBearer?: true;
};
