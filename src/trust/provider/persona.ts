/** Who one can sign in as in a trial. The sample's people; handed in by the command line, so that nothing here knows the sample. */
import type { Duty } from '../subject.ts';

export type PersonaEntry = {
  /** Stands in `fyr token --as`, and is the subject (`sub`) of the tokens: lasting. */
  key: string;
  kind: 'personnel' | 'citizen';
  name: string;
  /** What the person is, in the sign-in page: doctor at a hospital, mother of a teenager. */
  title: { nb: string; nn: string; en: string };
  /** National number of personnel, whose resources seldom hold one. A citizen's is in the Patient. */
  personNumber?: string;
  /** Resource ids in the record, without the type. */
  practitioner?: string;
  practitionerRole?: string;
  patient?: string;
  duty?: Duty;
};
