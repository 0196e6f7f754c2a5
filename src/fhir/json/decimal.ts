declare global {
  interface JSON {
    /** A value that `JSON.stringify` writes as this text. In Node 24 (ES2026); TypeScript's library does not know it yet. */
    rawJSON(text: string): unknown;
  }
}

/**
 * A FHIR decimal whose text matters: `1.00` is not `1` (FHIR R4, datatypes#decimal: precision must be kept).
 * `parseJson` makes one only where the text differs from what JavaScript would write for the number; everywhere else a plain number stands.
 */
export class Decimal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  valueOf(): number {
    return Number(this.text);
  }

  toString(): string {
    return this.text;
  }

  /** `JSON.stringify` writes the text as it came. */
  toJSON(): unknown {
    return JSON.rawJSON(this.text);
  }
}

/** True for what a FHIR decimal, integer, positiveInt or unsignedInt may be in memory. */
export function isNumeric(value: unknown): value is number | Decimal {
  return typeof value === 'number' || value instanceof Decimal;
}
