/** Paper: the packs of the wards, one button each; a code to enter a form by; and the forms that are out. */
import { BodyLong, Button, Heading, Select, Table } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams, type LoaderFunctionArgs } from 'react-router';
import type { FormShown } from '#continuity/back-entry/contract.ts';
import { queriesContext } from '../session/context.ts';
import { useChange } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Problem } from '../ui/problem.tsx';
import { CodeField } from './code-field.tsx';
import { formsQuery, packsQuery, type PacksAnswer } from './queries.ts';
import '../ui/rooms.css';

export async function loader({ context }: LoaderFunctionArgs): Promise<null> {
  const queries = context.get(queriesContext);
  await Promise.all([queries.prefetchQuery(packsQuery), queries.prefetchQuery(formsQuery)]);
  return null;
}

export function Component() {
  const { t } = useTranslation('paper');
  const packs = useQuery(packsQuery);
  const forms = useQuery(formsQuery);
  return (
    <div className="fyr-stack">
      <title>{t('title')}</title>
      <Heading size="large" level="1">
        {t('title')}
      </Heading>
      <Loaded query={packs}>{(answer) => <Packs answer={answer} />}</Loaded>
      <CodeField />
      <Loaded query={forms}>{({ forms: out }) => <Forms forms={out} wards={packs.data?.wards ?? []} />}</Loaded>
    </div>
  );
}

function Packs({ answer: { packs, wards, language: own } }: { answer: PacksAnswer }) {
  const { t } = useTranslation('paper');
  const [chosen, setChosen] = useState(own);
  const kept = packs.filter(({ ward }) => !wards.some(({ id }) => id === ward));
  const others = new Map(kept.map(({ ward, name }) => [ward, { id: ward, name }]));
  const all = [...wards, ...others.values()];
  return (
    <section aria-labelledby="packs" className="fyr-card fyr-stack">
      <h2 id="packs">{t('packs')}</h2>
      <BodyLong>{t('packs-more')}</BodyLong>
      <Select
        size="small"
        className="fyr-narrow-left"
        label={t('pack-language')}
        description={t('pack-language-more')}
        value={chosen}
        onChange={(event) => setChosen(event.target.value as PacksAnswer['language'])}
      >
        {(['nb', 'nn', 'en'] as const).map((one) => (
          <option key={one} value={one}>
            {t(`language-${one}`)}
          </option>
        ))}
      </Select>
      {all.length === 0 ? (
        <p className="fyr-plain">{t('packs-none')}</p>
      ) : (
        <Table size="small" className="fyr-folding" aria-labelledby="packs">
          <Table.Header>
            <Table.Row>
              {['ward', 'pack', 'pack-do'].map((column) => (
                <Table.HeaderCell key={column} scope="col">
                  {t(column)}
                </Table.HeaderCell>
              ))}
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {all.map(({ id, name }) => (
              <PackRow
                key={id}
                ward={id}
                name={name}
                language={chosen}
                pack={packs.find((one) => one.ward === id && one.language === chosen)}
              />
            ))}
          </Table.Body>
        </Table>
      )}
    </section>
  );
}

type PackRowProps = {
  ward: string;
  name: string;
  language: PacksAnswer['language'];
  pack: PacksAnswer['packs'][number] | undefined;
};

function PackRow({ ward, name, language, pack }: PackRowProps) {
  const { t } = useTranslation('paper');
  const written = useWritten();
  const change = useChange();
  const make = useMutation({
    mutationFn: (print: boolean) =>
      change(`/api/packs/${encodeURIComponent(ward)}`, { method: 'POST', body: { print, language } }, ['paper']),
  });
  return (
    <Table.Row>
      <Table.HeaderCell scope="row">{name}</Table.HeaderCell>
      <Table.DataCell data-column={t('pack')}>
        {pack === undefined ? (
          <span className="fyr-subtle">{t('pack-none')}</span>
        ) : (
          <>
            {t('pack-of', { when: written.when(pack.madeAt) })}{' '}
            <span className="fyr-subtle">{t('pack-size', { patients: pack.patients, pages: pack.pages })}</span>
          </>
        )}
        <Problem error={make.error} />
      </Table.DataCell>
      <Table.DataCell>
        <div className="fyr-row">
          {pack && (
            <Button
              as="a"
              role="link"
              size="small"
              href={`/api/packs/${encodeURIComponent(ward)}/latest.pdf?language=${language}`}
              target="_blank"
            >
              {t('pack-open')}
              <span className="fyr-unseen"> {name}</span>
            </Button>
          )}
          <Button size="small" variant="secondary" loading={make.isPending} onClick={() => make.mutate(false)}>
            {t('pack-make')}
            <span className="fyr-unseen"> {name}</span>
          </Button>
          <Button size="small" variant="tertiary" disabled={make.isPending} onClick={() => make.mutate(true)}>
            {t('pack-print')}
            <span className="fyr-unseen"> {name}</span>
          </Button>
        </div>
      </Table.DataCell>
    </Table.Row>
  );
}

type FormsProps = { forms: FormShown[]; wards: PacksAnswer['wards'] };

function Forms({ forms, wards }: FormsProps) {
  const { t } = useTranslation('paper');
  const written = useWritten();
  const [address, setAddress] = useSearchParams();
  const ward = address.get('ward') ?? '';
  const out = forms.filter((form) => form.printedAt !== undefined || form.state !== 'issued');
  const shown = out.filter((form) => ward === '' || form.ward === ward);
  const unprinted = forms.length - out.length;
  const nameOf = (id: string): string => wards.find((one) => one.id === id)?.name ?? '';
  return (
    <section aria-labelledby="forms" className="fyr-card fyr-stack">
      <h2 id="forms">{t('forms')}</h2>
      {wards.length > 1 && (
        <Select
          size="small"
          className="fyr-narrow-left"
          label={t('ward')}
          value={ward}
          onChange={(event) =>
            setAddress(event.target.value === '' ? {} : { ward: event.target.value }, { replace: true })
          }
        >
          <option value="">{t('all-wards')}</option>
          {wards.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
      {shown.length === 0 ? (
        <p className="fyr-plain">{t('forms-none')}</p>
      ) : (
        <Table size="small" className="fyr-folding" aria-labelledby="forms">
          <Table.Header>
            <Table.Row>
              {['code', 'kind', 'state', 'out-since', 'ward'].map((column) => (
                <Table.HeaderCell key={column} scope="col">
                  {t(column)}
                </Table.HeaderCell>
              ))}
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {shown.map(({ code, kind, state, printedAt, ward: of }) => (
              <Table.Row key={code}>
                <Table.HeaderCell scope="row">
                  <Link to={`/paper/${code}`}>{code}</Link>
                </Table.HeaderCell>
                <Table.DataCell data-column={t('kind')}>{t(`kind-${kind}`)}</Table.DataCell>
                <Table.DataCell data-column={t('state')}>{t(`state-${state}`)}</Table.DataCell>
                <Table.DataCell data-column={t('out-since')}>{written.briefly(printedAt)}</Table.DataCell>
                <Table.DataCell data-column={t('ward')}>{nameOf(of)}</Table.DataCell>
              </Table.Row>
            ))}
          </Table.Body>
        </Table>
      )}
      {unprinted > 0 && <p className="fyr-plain fyr-subtle">{t('forms-unprinted', { count: unprinted })}</p>}
    </section>
  );
}
