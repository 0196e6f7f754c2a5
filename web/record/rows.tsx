/** Rows of a card: what is said, and below it where from. */
import type { ReactNode } from 'react';

/** Rows, or nothing where there are none, so that the card says what that means. */
export function rowsOrNone<One extends { id?: string | undefined }>(
  all: readonly One[],
  row: (one: One) => ReactNode,
): ReactNode | undefined {
  if (all.length === 0) return undefined;
  return (
    <ul className="fyr-plain fyr-rows">
      {all.map((one) => (
        <li key={one.id}>{row(one)}</li>
      ))}
    </ul>
  );
}

/** What is said, and below it, smaller, where from. */
export function Row({ children, from }: { children: ReactNode; from: (string | undefined)[] }) {
  return (
    <>
      <div>{children}</div>
      <div className="fyr-subtle fyr-small">{from.filter(Boolean).join(' · ')}</div>
    </>
  );
}
