/** Where the source differs from HL7's R4 4.0.1. */
import type { Source } from './definitions-source.ts';

export const corrections = (structures: Source[]): Source[] => structures;
