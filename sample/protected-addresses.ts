/**
 * Where those of the region live whose address is protected. Their records have no address; a node's register of persons is told it by
 * number, apart from the record, as Folkeregisteret tells it.
 */
import { dateText, parseDay } from '#shared/days.ts';
import { Population, type Person, type Protection } from './population.ts';

export type ProtectedAddress = {
  /** The national number, or the D-number of those who have one. */
  number: string;
  grade: 'client' | 'confidential' | 'strictlyConfidential';
  address: {
    line: string;
    postalCode: string;
    city: string;
    municipality: string;
    municipalityName: string;
    from?: string;
  };
};

const grades: Readonly<Record<Protection, ProtectedAddress['grade']>> = {
  clientAddress: 'client',
  confidential: 'confidential',
  strictlyConfidential: 'strictlyConfidential',
};

/** Everybody of the region who is protected, those included who are born in the days of its story. `storyDays`: as the region has them. */
export function* protectedAddresses(
  { residents, seed, today: opening }: { residents: number; seed: string | number; today: string },
  storyDays: number,
): Generator<ProtectedAddress> {
  const today = parseDay(opening);
  let index = 0;
  for (const household of new Population(seed, { today, end: today + storyDays }).households()) {
    for (const person of household) {
      if (index++ >= residents) return;
      if (person.protection !== undefined) yield addressOf(person, grades[person.protection]);
    }
  }
}

function addressOf(
  { nationalNumber, address, municipality, moved, birthDay }: Person,
  grade: ProtectedAddress['grade'],
): ProtectedAddress {
  return {
    number: nationalNumber,
    grade,
    address: {
      line: address.line.join(', '),
      postalCode: address.postalCode,
      city: address.city,
      municipality: municipality.number,
      municipalityName: municipality.name,
      ...(moved && moved.on > birthDay ? { from: dateText(moved.on) } : {}),
    },
  };
}
