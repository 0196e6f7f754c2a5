/** The operations room: how this node is, what asks for somebody, the lines of the region, and every number with its week. */
import { Heading, InlineMessage, Tag } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams, type LoaderFunctionArgs } from 'react-router';
import type { OperationsAnswer, NumberName } from '#continuity/operations/contract.ts';
import type { NodeSeen } from '#continuity/reports/contract.ts';
import { queriesContext } from '../session/context.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Alarms } from './alarms.tsx';
import { Devices } from './devices.tsx';
import { History } from './history.tsx';
import { NumberTable } from './number-table.tsx';
import { numberGroups, type NumberGroup } from './number-words.ts';
import { linesQuery, operationsQuery, regionQuery } from './queries.ts';
import { RegionMap } from './region-map.tsx';
import '../ui/rooms.css';

export async function loader({ context }: LoaderFunctionArgs): Promise<null> {
  const queries = context.get(queriesContext);
  await Promise.all([
    queries.prefetchQuery(operationsQuery),
    queries.prefetchQuery(linesQuery),
    queries.prefetchQuery(regionQuery),
  ]);
  return null;
}

const groups = Object.keys(numberGroups) as NumberGroup[];
const allNumbers: readonly string[] = groups.flatMap((group) => numberGroups[group]);
const stateColours = { good: 'success', warning: 'warning', critical: 'danger' } as const;

export function Component() {
  const { t } = useTranslation('operations');
  const operations = useQuery(operationsQuery);
  return (
    <div className="fyr-stack">
      <title>{t('title')}</title>
      <Loaded query={operations} onRefused={() => <NotForYou />}>
        {(answer) => <Room answer={answer} />}
      </Loaded>
    </div>
  );
}

function NotForYou() {
  const { t } = useTranslation('operations');
  const { t: ui } = useTranslation('ui');
  return (
    <>
      <Heading size="large" level="1">
        {t('title')}
      </Heading>
      <InlineMessage status="warning">{ui('for-operators')}</InlineMessage>
    </>
  );
}

function Room({ answer }: { answer: OperationsAnswer }) {
  const { t } = useTranslation('operations');
  const lines = useQuery(linesQuery);
  const region = useQuery(regionQuery);
  const { numbers, alarms } = answer;
  return (
    <>
      <Top answer={answer} />
      <Alarms alarms={alarms} />
      <section aria-labelledby="lines" className="fyr-card fyr-stack">
        <h2 id="lines">{t('lines')}</h2>
        <Loaded query={lines}>
          {(state) =>
            state === null ? (
              <p className="fyr-plain">{t('no-lines')}</p>
            ) : (
              <RegionMap state={state} seen={region.data?.nodes} />
            )
          }
        </Loaded>
      </section>
      <Chosen answer={answer} seen={region.data?.nodes ?? []} />
      <div className="fyr-halves">
        {groups.map((group) => (
          <NumberTable key={group} group={group} numbers={numbers} alarms={alarms} />
        ))}
      </div>
      <Devices />
      <More />
    </>
  );
}

/** The rooms behind this one. */
function More() {
  const { t } = useTranslation('operations');
  return (
    <nav aria-labelledby="more" className="fyr-card">
      <h2 id="more">{t('more')}</h2>
      <ul className="fyr-plain fyr-row">
        {(['nodes', 'jobs', 'backups', 'quarantine'] as const).map((room) => (
          <li key={room}>
            <Link to={`/operations/${room}`}>{t(`more-${room}`)}</Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Top({ answer: { node, role, version, at, state } }: { answer: OperationsAnswer }) {
  const { t } = useTranslation('operations');
  const written = useWritten();
  return (
    <div className="fyr-row fyr-row-apart fyr-row-middle">
      <div>
        <Heading size="large" level="1">
          {t('title')}
        </Heading>
        <p className="fyr-plain">
          <strong>{node}</strong> · {t(`role-${role}`)} · {t('version', { version })}
        </p>
      </div>
      <p className="fyr-plain fyr-row fyr-row-middle" role="status">
        <Tag data-color={stateColours[state]} variant="moderate">
          {t(`state-${state}`)}
        </Tag>
        <span className="fyr-subtle">{t('seen-at', { time: written.time(new Date(at).toISOString()) })}</span>
      </p>
    </div>
  );
}

/** The number whose week is shown: part of the address. */
function Chosen({ answer, seen }: { answer: OperationsAnswer; seen: readonly NodeSeen[] }) {
  const [address, setAddress] = useSearchParams();
  const chosen = address.get('number') ?? '';
  if (!allNumbers.includes(chosen)) return null;
  const name = chosen as NumberName;
  const below = seen.find((one) => one.name === address.get('node') && !one.isHere);
  const alarm = (below ?? answer).alarms.find(({ code }) => code === name);
  const hours = Number(address.get('hours') ?? '24');
  const put = (next: Record<string, string>): void =>
    setAddress({ ...Object.fromEntries(address), ...next }, { replace: true, preventScrollReset: true });
  return (
    <History
      key={`${below?.name} ${name}`}
      name={name}
      node={below?.name}
      hours={[1, 24, 168].includes(hours) ? hours : 24}
      limit={alarm?.limit}
      onHours={(more) => put({ hours: String(more) })}
      onClose={() => setAddress({}, { replace: true, preventScrollReset: true })}
    />
  );
}
