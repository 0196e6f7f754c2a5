/** What an operator may decide of the policy: how near one must be to a patient, and for how long. */

export type PolicySettings = {
  /** `department`: whoever works in the department that has the patient. `organisation`: also the other departments of the same place of care. */
  careUnit: 'department' | 'organisation';
  /** How long after a contact has ended the unit, and those named in it, may still read; days. */
  afterContactDays: number;
  afterContactNamedDays: number;
  /** How long before a planned contact; days. */
  beforeContactDays: number;
  /** A referral or order that nobody ends stops counting after so many days. */
  openReferralDays: number;
  /** How long one who ordered something may follow its result; days. */
  afterOrderDays: number;
  /** How long after a prescription has ended the pharmacy may look; days. */
  afterPrescriptionDays: number;
  /** How long an attested relationship holds, and a broken glass; hours. */
  attestedHours: number;
  breakGlassHours: number;
  /** The privacy officer must have followed up a broken glass within so many days. */
  followUpDays: number;
  /** The least security level of a sign-in that reads health data. */
  securityLevel: number;
};

export const defaultPolicySettings: PolicySettings = {
  careUnit: 'department',
  afterContactDays: 30,
  afterContactNamedDays: 90,
  beforeContactDays: 14,
  openReferralDays: 730,
  afterOrderDays: 90,
  afterPrescriptionDays: 30,
  attestedHours: 24,
  breakGlassHours: 8,
  followUpDays: 7,
  securityLevel: 4,
};
