/** Which types belong to nobody's record, and may be read by everybody who signed in. */

/** Definitions: what FHIR and its profiles say. */
const definitional: readonly string[] = [
  'ActivityDefinition',
  'CapabilityStatement',
  'CatalogEntry',
  'ChargeItemDefinition',
  'CodeSystem',
  'CompartmentDefinition',
  'ConceptMap',
  'EffectEvidenceSynthesis',
  'EventDefinition',
  'Evidence',
  'EvidenceVariable',
  'ExampleScenario',
  'GraphDefinition',
  'ImplementationGuide',
  'Library',
  'Measure',
  'MessageDefinition',
  'NamingSystem',
  'ObservationDefinition',
  'OperationDefinition',
  'PlanDefinition',
  'Questionnaire',
  'ResearchDefinition',
  'ResearchElementDefinition',
  'RiskEvidenceSynthesis',
  'SearchParameter',
  'SpecimenDefinition',
  'StructureDefinition',
  'StructureMap',
  'SubstanceSpecification',
  'TerminologyCapabilities',
  'TestScript',
  'ValueSet',
];

/** Who and what there is in the services: the sector's directories. */
const directory: readonly string[] = [
  'DeviceDefinition',
  'Endpoint',
  'HealthcareService',
  'InsurancePlan',
  'Location',
  'Medication',
  'MedicationKnowledge',
  'MedicinalProduct',
  'Organization',
  'OrganizationAffiliation',
  'Practitioner',
  'PractitionerRole',
  'Schedule',
  'Slot',
  'Substance',
];

export const openTypes: readonly string[] = [...definitional, ...directory].sort();

const open: ReadonlySet<string> = new Set(openTypes);

/** True for what everybody who signed in may read, where it lies in nobody's record. */
export const isOpenType = (type: string): boolean => open.has(type);
