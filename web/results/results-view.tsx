/** The view that results and measurements share: by test or by time, a period, some words, and chosen tests as lines. The address is the state. */
import { BodyLong, Select, TextField, ToggleGroup } from '@navikt/ds-react';
import type { Observation } from 'fhir/r4';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { seriesOf } from '../record/words.ts';
import { useAddress } from '../ui/use-address.ts';
import { ByTest } from './by-test.tsx';
import { ByTime } from './by-time.tsx';
import { linesOf, named, within, type Period } from './series.ts';
import { linesMost, TrendChart } from './trend-chart.tsx';

const periods: readonly Period[] = ['month', 'year', 'all'];

export function ResultsView({ label, observations }: { label: string; observations: readonly Observation[] }) {
  const { t } = useTranslation('results');
  const [address, say] = useAddress();
  const period = periods.find((one) => one === address.get('period')) ?? 'year';
  const typed = address.get('test') ?? '';
  const isByTime = address.get('view') === 'time';
  const chosen = useMemo(() => address.getAll('line'), [address]);
  const series = useMemo(() => seriesOf(within(observations, period, Date.now())), [observations, period]);
  const lines = useMemo(
    () =>
      series
        .filter(({ code }) => chosen.includes(code))
        .flatMap(linesOf)
        .slice(0, linesMost),
    [series, chosen],
  );
  const choose = (code: string): void =>
    say((next) => {
      next.delete('line');
      const others = chosen.filter((one) => one !== code);
      for (const one of others.length < chosen.length ? others : [...others.slice(1 - linesMost), code])
        next.append('line', one);
    });
  const shown = named(series, typed);
  return (
    <div className="fyr-stack">
      <div className="fyr-row">
        <ToggleGroup
          size="small"
          label={t('view')}
          value={isByTime ? 'time' : 'test'}
          onChange={(view) => say((next) => next.set('view', view))}
        >
          <ToggleGroup.Item value="test">{t('by-test')}</ToggleGroup.Item>
          <ToggleGroup.Item value="time">{t('by-time')}</ToggleGroup.Item>
        </ToggleGroup>
        <Select
          size="small"
          label={t('period')}
          value={period}
          onChange={({ target }) => say((next) => next.set('period', target.value))}
        >
          {periods.map((one) => (
            <option key={one} value={one}>
              {t(`period-${one}`)}
            </option>
          ))}
        </Select>
        <TextField
          size="small"
          label={t('find-test')}
          value={typed}
          onChange={({ target }) =>
            say((next) => (target.value === '' ? next.delete('test') : next.set('test', target.value)))
          }
        />
      </div>
      {lines.length > 0 && <TrendChart lines={lines} />}
      {lines.length > 1 && <p className="fyr-plain fyr-subtle fyr-small">{t('no-bands')}</p>}
      {shown.length === 0 ? (
        <BodyLong>{t(series.length === 0 ? 'none-in-period' : 'none-named')}</BodyLong>
      ) : isByTime ? (
        <ByTime label={label} series={shown} />
      ) : (
        <ByTest label={label} series={shown} chosen={chosen} choose={choose} />
      )}
    </div>
  );
}
