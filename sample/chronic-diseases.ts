/** All chronic diseases, in the order in which they are decided: one can raise those after it. */
import type { ChronicDisease } from './chronic-disease.ts';
import { heartLungAndMetabolism } from './chronic-heart-lung-metabolism.ts';
import { mindJointsAndOrgans } from './chronic-mind-joints-organs.ts';

export type { ByAge, ChronicDisease, Effect, Treatment } from './chronic-disease.ts';

export const chronicDiseases: readonly ChronicDisease[] = [...heartLungAndMetabolism, ...mindJointsAndOrgans];
