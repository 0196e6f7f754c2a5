/** The medicines of the table as Medication, as no-basis asks: form of 7448, ATC, and FEST by name only, since its codes are not at hand. */
import type { Medication } from 'fhir/r4.js';
import { codeOfMedicine, formOf, medicines } from './medicines.ts';
import type { Region } from './region.ts';

const fest = 'http://ehelse.no/fhir/CodeSystem/FEST';

export function addMedications(region: Region): void {
  region.group('Legemidler');
  for (const medicine of medicines.values()) {
    const { coding, text } = codeOfMedicine(medicine);
    const reference = region.add({
      resourceType: 'Medication',
      code: { coding: [{ system: fest, display: text! }, ...coding], text: text! },
      status: 'active',
      form: formOf(medicine),
    } satisfies Medication);
    region.medications.set(medicine, { ...reference, display: text! });
  }
}
