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
