/** To name a node: what it is called, what it is below, which places of care it serves and where it is reached. What comes back is its code. */
import { BodyLong, Button, Checkbox, CheckboxGroup, Select, TextField } from '@navikt/ds-react';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AddRequest, CodeAnswer, NodeShown, PlaceShown } from '#continuity/registry/contract.ts';
import { useChange } from '../session/queries.ts';
import { Problem } from '../ui/problem.tsx';
import { placesQuery } from './queries.ts';

type AddNodeProps = { nodes: readonly NodeShown[]; region: string; onCode: (told: CodeAnswer) => void };

const nameForm = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

export function AddNode({ nodes, region, onCode }: AddNodeProps) {
  const { t } = useTranslation('nodes');
  const [name, setName] = useState('');
  const [below, setBelow] = useState(region);
  const [hosts, setHosts] = useState('');
  const [places, setPlaces] = useState<readonly PlaceShown[]>([]);
  const [isTried, setIsTried] = useState(false);
  const change = useChange();
  const adding = useMutation({
    mutationFn: (body: AddRequest) => change<CodeAnswer>('/api/nodes', { method: 'POST', body }, ['nodes']),
    onSuccess(told) {
      onCode(told);
      setName('');
      setHosts('');
      setPlaces([]);
      setIsTried(false);
    },
  });
  const lacks = !nameForm.test(name) ? t('name-lacks') : nodes.some((node) => node.name === name) && t('name-taken');
  const add = (event: FormEvent): void => {
    event.preventDefault();
    setIsTried(true);
    if (lacks) return;
    const reached = hosts.split(/[\s,]+/).filter((host) => host !== '');
    adding.mutate({ name, below, hosts: reached, places: places.map(({ reference }) => reference) });
  };
  return (
    <form onSubmit={add} noValidate className="fyr-card fyr-stack" aria-labelledby="add">
      <h2 id="add">{t('add')}</h2>
      <BodyLong className="fyr-measure">{t('add-more')}</BodyLong>
      <Fields {...{ name, below, hosts, nodes, region, setName, setBelow, setHosts }} lacks={isTried && lacks} />
      <Places key={adding.data?.code} chosen={places} choose={setPlaces} />
      <Problem error={adding.error} />
      <div>
        <Button type="submit" loading={adding.isPending}>
          {t('add-do')}
        </Button>
      </div>
    </form>
  );
}

type FieldsProps = Pick<AddNodeProps, 'nodes' | 'region'> & {
  name: string;
  below: string;
  hosts: string;
  setName: (name: string) => void;
  setBelow: (below: string) => void;
  setHosts: (hosts: string) => void;
  lacks: string | false;
};

function Fields({ name, below, hosts, nodes, region, setName, setBelow, setHosts, lacks }: FieldsProps) {
  const { t } = useTranslation('nodes');
  return (
    <div className="fyr-fields">
      <TextField
        label={t('name')}
        description={t('name-more')}
        value={name}
        autoComplete="off"
        spellCheck={false}
        error={lacks}
        onChange={(event) => setName(event.target.value.trim())}
      />
      <Select
        label={t('below')}
        description={t('below-more')}
        value={below}
        onChange={(event) => setBelow(event.target.value)}
      >
        <option value={region}>{t('below-region', { region })}</option>
        {nodes
          .filter(({ tier }) => tier === 'site')
          .map((site) => (
            <option key={site.name} value={site.name}>
              {t('below-site', { site: site.name })}
            </option>
          ))}
      </Select>
      <TextField
        label={t('hosts')}
        description={t('hosts-more')}
        value={hosts}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setHosts(event.target.value)}
      />
    </div>
  );
}

type PlacesProps = { chosen: readonly PlaceShown[]; choose: (places: readonly PlaceShown[]) => void };

/** Those chosen stay in the list while others are sought. */
function Places({ chosen, choose }: PlacesProps) {
  const { t } = useTranslation('nodes');
  const [name, setName] = useState('');
  const sought = useDeferredValue(name.trim());
  const { data } = useQuery({ ...placesQuery(sought), placeholderData: keepPreviousData });
  const found = sought.length < 2 ? [] : (data ?? []);
  const shown = [...chosen, ...found.filter(({ reference }) => !chosen.some((one) => one.reference === reference))];
  return (
    <>
      <TextField
        label={t('find-place')}
        description={t('find-place-more')}
        value={name}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => void (event.key === 'Enter' && event.preventDefault())}
      />
      <div aria-live="polite">
        {sought.length >= 2 && data?.length === 0 && <p className="fyr-plain fyr-subtle">{t('find-none')}</p>}
        {shown.length > 0 && (
          <CheckboxGroup
            legend={t('places')}
            size="small"
            value={chosen.map(({ reference }) => reference)}
            onChange={(references: string[]) => choose(shown.filter(({ reference }) => references.includes(reference)))}
          >
            {shown.map((place) => (
              <Checkbox
                key={place.reference}
                value={place.reference}
                description={[t(`place-${place.reference.split('/')[0]}`), place.within].filter(Boolean).join(', ')}
              >
                {place.name}
              </Checkbox>
            ))}
          </CheckboxGroup>
        )}
      </div>
    </>
  );
}
