/** What pages and sign-in tell each other as JSON. */
import { z } from 'zod';
import type { Duty } from '../subject.ts';

/** `POST /api/session/role` */
export const roleChoice = z.strictObject({ practitionerRole: z.string().min(1).max(64) });

export type RoleAnswer = {
  practitionerRole: string;
  title: string;
  duty: Duty;
  /** From the nearest up to the legal entity: department, hospital, trust. */
  organisations: string[];
};

/** `GET /api/session` */
export type SessionAnswer =
  | { signedIn: false; issuers: { name: string; kind: string }[]; isTrial: boolean; isTrialBearer: boolean }
  | {
      signedIn: true;
      kind: 'personnel' | 'citizen';
      name: string;
      /** The id in the record of the practitioner or patient. */
      id: string;
      /** The role that one works in; undefined for citizens, and while one has to choose. */
      role?: RoleAnswer;
      roles: RoleAnswer[];
      /** Sent back in the header `x-fyr-csrf` with each change. */
      csrf: string;
      /** When one is signed out in any case, and when if one does nothing: milliseconds since 1970. */
      ends: number;
      idleEnds: number;
      /** The issuer can't be reached: what one does is marked and reviewed. */
      isOffline: boolean;
      isTrial: boolean;
      isTrialBearer: boolean;
    };

const encoded = z.string().max(20_000);

/** `POST /api/session/keys`: what `navigator.credentials.create` gave, as WebAuthn's RegistrationResponseJSON. */
export const keyEnrolment = z.object({
  name: z.string().trim().min(1).max(60),
  response: z.object({
    id: encoded,
    rawId: encoded,
    type: z.literal('public-key'),
    clientExtensionResults: z.object({}),
    response: z.object({
      clientDataJSON: encoded,
      attestationObject: encoded,
      transports: z.array(z.string().max(20)).max(10).optional(),
    }),
  }),
});

/** `POST /api/sign-in/key`: what `navigator.credentials.get` gave, as AuthenticationResponseJSON. */
export const keySignIn = z.object({
  response: z.object({
    id: encoded,
    rawId: encoded,
    type: z.literal('public-key'),
    clientExtensionResults: z.object({}),
    response: z.object({
      authenticatorData: encoded,
      clientDataJSON: encoded,
      signature: encoded,
      userHandle: encoded.optional(),
    }),
  }),
});
