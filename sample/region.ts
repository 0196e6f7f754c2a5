/** The region's shared resources as the lives in it need them: units, practitioners and places by what they do. */
import assert from 'node:assert';
import type { Resource } from '#fhir/types.ts';
import type { Day } from '#shared/days.ts';
import type { Reference } from './reference.ts';
import { Beds } from './beds.ts';
import { Calendar } from './calendar.ts';
import { Ids } from './ids.ts';
import type { Medicine } from './medicines.ts';
import { municipalities, type Municipality } from './places.ts';
import { Random } from './random.ts';

/** `schedule` of those who take appointments. */
export type PractitionerEntry = { reference: Reference; role: Reference; unit: UnitEntry; schedule?: Reference };

export type UnitEntry = {
  organisation: Reference;
  location: Reference;
  /** The beds of a ward; empty elsewhere. */
  beds: Reference[];
  /** The wards themselves, for who has no bed of their own: newborns, and others when all beds are taken. */
  wards: Reference[];
  /** Doctors, psychologists, pharmacists. */
  practitioners: PractitionerEntry[];
  nurses: PractitionerEntry[];
  midwives: PractitionerEntry[];
  field: string;
  /** The name of the house, which decides how its documents look. */
  hospital: string;
};

/** Resources that are written before any resident, in groups with a label each. */
export type SharedGroup = { label: string; resources: Resource[] };

export class Region {
  readonly groups: SharedGroup[] = [];
  readonly ids: Ids;
  readonly random: Random;
  readonly today: Day;
  readonly practices = new Map<string, UnitEntry[]>();
  readonly clinics = new Map<string, UnitEntry>();
  readonly emergencyClinics = new Map<string, UnitEntry>();
  readonly homeCare = new Map<string, UnitEntry>();
  readonly nursingHomes = new Map<string, UnitEntry>();
  readonly pharmacies = new Map<string, UnitEntry>();
  readonly wards = new Map<string, UnitEntry>();
  /** Who lies where, on which day: filled as the residents are written, in their order. */
  readonly beds: Beds;
  /** Who sees whom when. */
  readonly calendar: Calendar;
  /** As no-basis writes them, for the medicine list. */
  readonly medications = new Map<Medicine, Reference>();
  laboratory: Reference = { reference: '' };
  organisationCount = 0;
  partyCount = 0;
  personnelCount = 0;

  /** How many residents it is made for. */
  readonly residents: number;

  constructor(seed: string | number, today: Day, residents: number, recorded: { first: Day; last: Day }) {
    this.residents = residents;
    this.beds = new Beds(recorded.first, recorded.last);
    this.calendar = new Calendar(recorded.first, recorded.last);
    this.ids = new Ids([seed, 'shared'], { today, end: today }, 'any');
    this.random = new Random(seed, 'shared');
    this.today = today;
  }

  /** Starts a new group of shared resources. */
  group(label: string): SharedGroup {
    const group = { label, resources: [] };
    this.groups.push(group);
    return group;
  }

  /** The id is the region's to choose, but for the personas'. */
  add(resource: Resource, fixedId?: string): Reference {
    const id = fixedId ?? this.ids.next(this.today - 900 + (this.groups.length % 300));
    resource.id = id;
    this.groups.at(-1)!.resources.push(resource);
    return { reference: `${resource.resourceType}/${id}` };
  }

  /** The general practitioner that a household's number falls on. */
  generalPractitioner(municipality: Municipality, number: number): PractitionerEntry {
    const all = this.practices.get(municipality.number)!.flatMap(({ practitioners }) => practitioners);
    return all[number % all.length]!;
  }

  /** The department at the resident's own hospital, or at the central one where the local has none. */
  department(key: string, municipality: Municipality): UnitEntry {
    const own = municipality.number === municipalities[0]!.number ? 'central' : 'local';
    const unit = this.wards.get(`${own}/${key}`) ?? this.wards.get(`central/${key}`);
    assert(unit, `no department ${key}`);
    return unit;
  }

  /** A department with beds: at the resident's own hospital, else at the central one, else medicine. */
  ward(key: string, municipality: Municipality): UnitEntry {
    const own = municipality.number === municipalities[0]!.number ? 'central' : 'local';
    const units = [`${own}/${key}`, `central/${key}`, `${own}/internal`].map((name) => this.wards.get(name));
    const unit = units.find((one) => one !== undefined && one.beds.length > 0);
    assert(unit, `no ward for ${key}`);
    return unit;
  }

  childClinic(municipality: Municipality): UnitEntry {
    return this.clinics.get(municipality.number)!;
  }

  emergencyClinic(municipality: Municipality): UnitEntry {
    return this.emergencyClinics.get(municipality.number)!;
  }
}
