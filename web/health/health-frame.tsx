/** The parts of one's health, each a page; the way between them. */
import { useTranslation } from 'react-i18next';
import { NavLink, Outlet } from 'react-router';
import { useActingSearch } from '../session/acting-for.tsx';
import './health.css';

const parts = [
  'summary',
  'results',
  'measurements',
  'medicines',
  'vaccinations',
  'documents',
  'appointments',
  'contacts',
] as const;

export function Component() {
  const { t } = useTranslation('health');
  const search = useActingSearch();
  return (
    <div className="fyr-health">
      <nav aria-label={t('parts')} className="fyr-parts fyr-not-on-paper">
        {parts.map((part) => (
          <NavLink
            key={part}
            to={(part === 'summary' ? '/health' : `/health/${part}`) + search}
            end={part === 'summary'}
          >
            {t(`part-${part}`)}
          </NavLink>
        ))}
      </nav>
      <div className="fyr-stack">
        <Outlet />
      </div>
    </div>
  );
}
