/** What the privacy officer has to follow up: broken glasses, and what citizens do not recognise. Late ones first to the eye. */
import { BodyLong, Button, Heading, Select, Tag } from '@navikt/ds-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams, type LoaderFunctionArgs } from 'react-router';
import type { CaseAnswer } from '#trust/control/contract.ts';
import { queriesContext } from '../session/context.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { MorePages } from '../ui/more-pages.tsx';
import { FollowUp } from './follow-up.tsx';
import { PatientMark } from './patient-mark.tsx';
import { People } from './people.tsx';
import { casesQuery } from './queries.ts';

const statusOf = (address: URLSearchParams): string => (address.get('status') === 'closed' ? 'closed' : 'open');

export async function loader({ request, context }: LoaderFunctionArgs): Promise<null> {
  await context.get(queriesContext).prefetchInfiniteQuery(casesQuery(statusOf(new URL(request.url).searchParams)));
  return null;
}

export function Component() {
  const { t } = useTranslation('privacy');
  const [address, setAddress] = useSearchParams();
  const status = statusOf(address);
  const query = useInfiniteQuery(casesQuery(status));
  return (
    <div className="fyr-stack">
      <title>{t('cases')}</title>
      <Heading size="large" level="1">
        {t('cases')}
      </Heading>
      <div className="fyr-row">
        <Select
          size="small"
          label={t('status')}
          value={status}
          onChange={(event) => setAddress({ status: event.target.value }, { replace: true })}
        >
          <option value="open">{t('status-open')}</option>
          <option value="closed">{t('status-closed')}</option>
        </Select>
      </div>
      <Loaded query={query}>{({ pages }) => <Cases cases={pages.flatMap(({ cases }) => cases)} />}</Loaded>
      <MorePages query={query} />
    </div>
  );
}

function Cases({ cases }: { cases: CaseAnswer[] }) {
  const { t } = useTranslation('privacy');
  if (cases.length === 0) return <BodyLong>{t('cases-none')}</BodyLong>;
  const byDeadline = [...cases].sort((a, b) => a.deadline.localeCompare(b.deadline));
  return (
    <People patients={cases.map(({ patient }) => patient)}>
      <ul className="fyr-plain fyr-lines">
        {byDeadline.map((one) => (
          <Case key={one.id} one={one} />
        ))}
      </ul>
    </People>
  );
}

function Case({ one }: { one: CaseAnswer }) {
  const { t } = useTranslation('privacy');
  const written = useWritten();
  const [isOpen, setIsOpen] = useState(false);
  const { kind, patient, who, message, opened, deadline, isLate, followedUp } = one;
  return (
    <li className="fyr-card fyr-line">
      <div className="fyr-row fyr-row-middle">
        <Tag size="small" variant="moderate" data-color={kind === 'break-glass' ? 'danger' : 'info'}>
          {t(`kind-${kind}`)}
        </Tag>
        {isLate && (
          <Tag size="small" variant="strong" data-color="danger">
            {t('late')}
          </Tag>
        )}
        <span className="fyr-subtle">
          {t('opened', { when: written.when(opened) })}
          {!followedUp && ` · ${t('deadline', { date: written.date(deadline) })}`}
        </span>
      </div>
      <p className="fyr-plain">
        {t('case-of')}{' '}
        <strong>
          <PatientMark patient={patient} />
        </strong>
        {who && (
          <>
            {' '}
            · {t('case-who')} <strong>{who.name}</strong>
          </>
        )}
      </p>
      <blockquote className="fyr-quote">{message}</blockquote>
      {followedUp ? (
        <p className="fyr-plain">
          <strong>{t(`conclusion-${followedUp.conclusion}`)}</strong> {followedUp.text}{' '}
          <span className="fyr-subtle">{written.when(followedUp.at)}</span>
        </p>
      ) : (
        <div className="fyr-row fyr-row-middle">
          <Button size="small" aria-expanded={isOpen} onClick={() => setIsOpen((before) => !before)}>
            {t('follow-up')}
          </Button>
          {who && (
            <Link to={`/privacy/log?${new URLSearchParams({ patient, who: who.reference })}`}>{t('see-log')}</Link>
          )}
        </div>
      )}
      {isOpen && !followedUp && <FollowUp of={one} />}
    </li>
  );
}
