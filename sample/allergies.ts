/** Allergies and intolerances; what they forbid is kept on the chart before anything is prescribed. */
import type { AllergyIntolerance } from 'fhir/r4.js';
import { instant, type Chart } from './chart.ts';
import { allergens, type Allergen } from './allergens.ts';
import { codeSystems, concept, hl7, icpc2 } from './codes.ts';
import { medicines } from './medicines.ts';
import { addLongTermMedicine } from './prescribing.ts';

/** The system of 7497 as no-basis 2.2.2 fixes it: with `uid` for `oid`, a misprint of the profile that one has to follow to conform. */
const profiledReaction = 'urn:uid:2.16.578.1.12.4.1.1.7497';
/** Below some 30 kg half the dose is carried. */
const penForAdultsFromAge = 9;
const allergic = icpc2('A92');
const active = hl7('allergyintolerance-clinical', 'active', 'Active');
const confirmed = hl7('allergyintolerance-verification', 'confirmed', 'Confirmed');
const unconfirmed = hl7('allergyintolerance-verification', 'unconfirmed', 'Unconfirmed');

export function addAllergies(chart: Chart): void {
  const age = chart.ageInYears(chart.lastDay);
  for (const allergen of allergens) {
    const share = allergen.category === 'medication' ? allergen.share * Math.min(1.4, age / 45) : allergen.share;
    if (age < 2 || !chart.random.chance(share)) continue;
    if (allergen.avoids) chart.avoided.push(...allergen.avoids);
    addAllergy(chart, allergen);
  }
}

function addAllergy(chart: Chart, { name, atc, category, kind, reaction, critical }: Allergen): void {
  const isCarriedAgainst = critical && category !== 'medication';
  chart.intolerances.push(`${name} (${reaction[1].toLowerCase()})`);
  const day =
    chart.lastDay - Math.round(chart.random.next() * Math.min(7000, chart.lastDay - chart.person.birthDay - 300));
  chart.add(day, {
    resourceType: 'AllergyIntolerance',
    clinicalStatus: active,
    verificationStatus: chart.random.chance(0.7) ? confirmed : unconfirmed,
    type: kind,
    category: [category],
    criticality: critical ? 'high' : 'low',
    code: atc ? { ...concept(codeSystems.atc, atc, name), text: name } : { text: name },
    patient: chart.patient,
    recordedDate: instant(day, 720),
    recorder: chart.practitioner.reference,
    reaction: [
      {
        manifestation: [{ ...concept(profiledReaction, ...reaction), text: reaction[1] }],
        severity: critical ? 'severe' : 'mild',
      },
    ],
  } satisfies AllergyIntolerance);
  if (isCarriedAgainst) {
    const pen = medicines.get(chart.ageInYears(day) < penForAdultsFromAge ? 'adrenaline-pen-child' : 'adrenaline-pen')!;
    addLongTermMedicine(chart, { medicine: pen, start: day, reason: allergic });
  }
}
