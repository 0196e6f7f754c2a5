/** Citizens who act for others, the dead, and what citizens write. */
import { trustCodes } from '../codes.ts';
import * as the from './record-test.ts';
import { creates, deletes, no, reads, row, under, updates, yes } from './row-test.ts';
import { at, citizen, on, ref } from './world-test.ts';

const kari = citizen('kari');
const mor = citizen('mor');
const ola = citizen('ola');
const result = the.observation();
const me = the.person();
const mother = (more = {}) => the.relative('mor', { role: 'mor', responsibility: 'felles', ...more });
const wife = (more = {}) => the.relative('ola', { role: 'ektefelleEllerPartner', ...more });
const dead = the.person('kari', { deceasedDateTime: at(-10) });
const grant = (to?: string) => the.consent(trustCodes.parentalAccess, to ? { to } : {});
const power = (more = {}) => the.consent(trustCodes.representation, { to: 'Patient/ola', ...more });
const own = { meta: { tag: [{ system: 'urn:fyr:code-system:trust', code: 'own-registration' }] } };
const myReading = the.observation({ ...own, performer: [ref('Patient/kari')] });

export const representationCases = [
  ...under(
    'pasient- og brukerrettighetsloven §§ 3-3 and 5-1: a power of attorney, within its scope and time',
    row(
      'one whose power of attorney has ended reads',
      ola,
      reads(result),
      [me, power({ until: -1 })],
      no('other-patient'),
    ),
    row(
      'one whose power of attorney begins tomorrow reads',
      ola,
      reads(result),
      [me, power({ from: 1 })],
      no('other-patient'),
    ),
    row(
      'one whose power of attorney was withdrawn reads',
      ola,
      reads(result),
      [me, power({ status: 'inactive' })],
      no('other-patient'),
    ),
    row(
      'one with a power of attorney for appointments reads a result',
      ola,
      reads(result),
      [me, power({ types: ['Appointment'] })],
      no('representation-scope'),
    ),
    row(
      'one with a power of attorney for another reads',
      ola,
      reads(result),
      [me, power({ to: 'Patient/per' })],
      no('other-patient'),
    ),
    row(
      'one with a power of attorney from a child of 14 reads',
      ola,
      reads(result),
      [the.child(14), power()],
      no('other-patient'),
    ),
    row(
      'one with a power of attorney from one who has died reads',
      ola,
      reads(result),
      [dead, power()],
      no('deceased'),
    ),
    row(
      'one with a power of attorney reads what is withheld from the patient',
      ola,
      reads(the.withheld(result, 'NORN_KUT')),
      [me, power()],
      no('withheld'),
    ),
    row(
      'one with a power of attorney to read writes a block',
      ola,
      creates(the.block()),
      [me, power()],
      no('read-only'),
    ),
    row(
      'one with a power of attorney gives it on to a third',
      ola,
      creates(the.consent(trustCodes.representation, { to: 'Patient/per' })),
      [me, power({ mayWrite: true })],
      no('patients-choice'),
    ),
    row('one with a power of attorney reads', ola, reads(result), [me, power()], yes('power-of-attorney')),
    row(
      'one with a power of attorney for appointments reads an appointment',
      ola,
      reads(the.appointment('Practitioner/berg', 1)),
      [me, power({ types: ['Appointment'] })],
      yes('power-of-attorney'),
    ),
    row(
      'one with a power of attorney to act writes a block',
      ola,
      creates(the.block()),
      [me, power({ mayWrite: true })],
      yes('power-of-attorney'),
    ),
  ),
  ...under(
    'vergemålsloven §§ 21 and 22: a guardian, where the guardianship includes personal affairs',
    row(
      'a guardian of money only reads',
      ola,
      reads(result),
      [me, the.guardian('ola', 'økonomiske forhold')],
      no('representation-scope'),
    ),
    row(
      'a guardian whose scope the register does not tell reads',
      ola,
      reads(result),
      [me, the.guardian('ola', undefined)],
      no('representation-scope'),
    ),
    row(
      'a guardian whose time has ended reads',
      ola,
      reads(result),
      [me, the.guardian('ola', 'personlige forhold', { end: on(-1) })],
      no('other-patient'),
    ),
    row(
      'a guardian of one who has died reads',
      ola,
      reads(result),
      [dead, the.guardian('ola', 'personlige forhold')],
      no('deceased'),
    ),
    row(
      'a guardian of personal affairs reads',
      ola,
      reads(result),
      [me, the.guardian('ola', 'økonomiske og personlige forhold')],
      yes('guardian'),
    ),
    row(
      'a guardian of personal affairs reads of a child of 14',
      ola,
      reads(result),
      [the.child(14), the.guardian('ola', 'personlige forhold')],
      yes('guardian'),
    ),
  ),
  ...under(
    'helsepersonelloven § 24, pasient- og brukerrettighetsloven §§ 1-3 and 5-1: the next of kin of the dead',
    row('a husband reads of one who lives', ola, reads(result), [me, wife()], no('other-patient')),
    row(
      'a daughter reads of one who died and left a husband',
      citizen('datter'),
      reads(result),
      [dead, wife(), the.relative('datter', { role: 'barn', born: '2000-01-01' })],
      no('deceased'),
    ),
    row(
      'a child of 15 reads of a dead mother',
      citizen('datter'),
      reads(result),
      [dead, the.relative('datter', { role: 'barn', born: on(-15 * 366) })],
      no('deceased'),
    ),
    row(
      'a husband reads what was withheld',
      ola,
      reads(the.withheld(result, 'NORN_ALL')),
      [dead, wife()],
      no('withheld'),
    ),
    row(
      'a husband reads the record that the dead had closed to him',
      ola,
      reads(result),
      [dead, wife(), the.block({ actors: ['Patient/ola'] })],
      no('deceased'),
    ),
    row(
      'a husband writes in the record of the dead',
      ola,
      creates(the.observation({ performer: [ref('Patient/ola')] })),
      [dead, wife()],
      no('read-only'),
    ),
    row('a former husband reads', ola, reads(result), [dead, wife({ period: { end: on(-400) } })], no('deceased')),
    row('the dead signs in and reads', kari, reads(result), [dead], no('deceased')),
    row('a husband reads of the dead', ola, reads(result), [dead, wife()], yes('next-of-kin')),
    row(
      'one whom the patient named as next of kin reads before the husband',
      citizen('venn'),
      reads(result),
      [dead, wife(), the.relative('venn', { role: 'annen', kin: true })],
      yes('next-of-kin'),
    ),
    row(
      'a grown daughter reads of a dead mother who left no husband',
      citizen('datter'),
      reads(result),
      [dead, the.relative('datter', { role: 'barn', born: '2000-01-01' })],
      yes('next-of-kin'),
    ),
    row(
      'a mother reads of a child who died at 9',
      mor,
      reads(result),
      [{ ...dead, birthDate: on(-9 * 366) }, mother()],
      yes('next-of-kin'),
    ),
  ),
  ...under(
    'pasientjournalloven §§ 17 and 18: citizens write what is theirs, and steer',
    row('a citizen changes what personnel wrote', kari, updates(result, result), [me], no('not-own')),
    row('a citizen deletes a result', kari, deletes(result), [me], no('not-own')),
    row('a citizen writes a diagnosis', kari, creates(the.ofPatient('Condition')), [me], no('not-own')),
    row(
      'a citizen writes a result as if a doctor had',
      kari,
      creates(the.observation({ ...own, performer: [ref('Practitioner/berg')] })),
      [me],
      no('not-own'),
    ),
    row(
      'a citizen writes an own reading that is not marked as such',
      kari,
      creates(the.observation({ performer: [ref('Patient/kari')] })),
      [me],
      no('not-own'),
    ),
    row(
      'a citizen turns a result of the laboratory into an own registration',
      kari,
      updates(result, myReading),
      [me],
      no('not-own'),
    ),
    row(
      'a citizen takes the mark from an own registration',
      kari,
      updates(myReading, the.observation({ performer: [ref('Patient/kari')] })),
      [me],
      no('not-own'),
    ),
    row(
      'a citizen takes a label away',
      kari,
      updates(the.withheld(myReading, 'NORN_FFL'), myReading),
      [me],
      no('withheld'),
    ),
    row('a citizen changes the own GP', kari, updates(me, the.onListOf('Practitioner/moen')), [me], no('not-own')),
    row('a citizen adds a parent', kari, creates(mother()), [me], no('not-own')),
    row('a citizen writes a block in the record of another', ola, creates(the.block()), [me], no('other-patient')),
    row('a citizen attests a care relationship', kari, creates(the.attested()), [me], no('own-way-in')),
    row('a citizen writes a case', kari, creates(the.caseOf()), [me], no('own-way-in')),
    row('a citizen writes in the access log', kari, creates(the.anything('AuditEvent')), [me], no('log-only')),
    row('a citizen changes a code list', kari, creates(the.anything('ValueSet')), [me], no('register-only')),
    row(
      'a citizen moves an own registration to another’s record',
      kari,
      updates(myReading, { ...myReading, subject: ref('Patient/ola') }),
      [me],
      no('other-patient'),
    ),
    row(
      'a mother gives herself access to a child of 14',
      mor,
      creates(grant('Patient/mor')),
      [the.child(14), mother()],
      no('child-twelve'),
    ),
    row(
      'a child of 11 blocks a doctor',
      kari,
      creates(the.block({ actors: ['Practitioner/berg'] })),
      [the.child(11)],
      no('too-young'),
    ),
    row(
      'a citizen blocks a doctor',
      kari,
      creates(the.block({ actors: ['Practitioner/berg'] })),
      [me],
      yes('own-record'),
    ),
    row(
      'a citizen lifts an own block',
      kari,
      updates(the.block(), the.block({ status: 'inactive' })),
      [me],
      yes('own-record'),
    ),
    row('a citizen grants a power of attorney', kari, creates(power()), [me], yes('own-record')),
    row(
      'a child of 14 gives a parent access',
      kari,
      creates(grant('Patient/mor')),
      [the.child(14), mother()],
      yes('own-record'),
    ),
    row(
      'a mother blocks a doctor for her child of 5',
      mor,
      creates(the.block({ actors: ['Practitioner/berg'] })),
      [the.child(5), mother()],
      yes('parent'),
    ),
    row('a citizen writes an own reading', kari, creates(myReading), [me], yes('own-record')),
    row(
      'a citizen answers a form',
      kari,
      creates(the.ofPatient('QuestionnaireResponse', { author: ref('Patient/kari'), meta: own.meta })),
      [me],
      yes('own-record'),
    ),
    row('a citizen takes back an own reading', kari, deletes(myReading), [me], yes('own-record')),
  ),
];
