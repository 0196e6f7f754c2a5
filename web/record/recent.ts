/** Ids of the patients that a person looked at last, newest first; in this browser tab only, since the machine may be shared. */

const most = 8;
const keyOf = (person: string): string => `fyr-recent ${person}`;

export function recentPatients(person: string): string[] {
  const kept = sessionStorage.getItem(keyOf(person));
  return kept === null || kept === '' ? [] : kept.split(' ');
}

export function rememberPatient(person: string, patient: string): void {
  const others = recentPatients(person).filter((id) => id !== patient);
  sessionStorage.setItem(keyOf(person), [patient, ...others].slice(0, most).join(' '));
}
