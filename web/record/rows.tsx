/** Rows of a card: what is said, below it where from, and where it can be changed. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

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

type RowProps = {
  children: ReactNode;
  from: (string | undefined)[];
  /** The address of the form that changes it, and what it is about for who hears the link alone. */
  change?: { to: string; what: string };
};

export function Row({ children, from, change }: RowProps) {
  const { t } = useTranslation('record');
  return (
    <>
      <div>
        {children}
        {change && (
          <Link to={change.to} className="fyr-change fyr-not-on-paper">
            {t('change')} <span className="fyr-unseen">{change.what}</span>
          </Link>
        )}
      </div>
      <div className="fyr-subtle fyr-small">{from.filter(Boolean).join(' · ')}</div>
    </>
  );
}
