/** Devices that keep an encrypted copy of a ward, and the order that wipes one: in two steps, done when the device next reaches the node. */
import { Button, Table } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceShown } from '#continuity/ward-browser/contract.ts';
import { useChange } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Problem } from '../ui/problem.tsx';
import { TableHead } from '../ui/table-head.tsx';
import { devicesQuery } from './queries.ts';

export function Devices() {
  const { t } = useTranslation('operations');
  const query = useQuery(devicesQuery);
  return (
    <section aria-labelledby="devices" className="fyr-card fyr-stack">
      <h2 id="devices">{t('devices')}</h2>
      <Loaded query={query}>
        {({ devices }) =>
          devices.length === 0 ? (
            <p className="fyr-plain">{t('devices-none')}</p>
          ) : (
            <Table size="small" className="fyr-folding" aria-labelledby="devices">
              <TableHead
                columns={['device', 'device-person', 'device-seen', 'device-state'].map((column) => t(column))}
              />
              <Table.Body>
                {devices.map((device) => (
                  <One key={device.device} of={device} />
                ))}
              </Table.Body>
            </Table>
          )
        }
      </Loaded>
    </section>
  );
}

function One({ of: { device, name, person, seen, state } }: { of: DeviceShown }) {
  const { t } = useTranslation('operations');
  const written = useWritten();
  const change = useChange();
  const [isAsked, setIsAsked] = useState(false);
  const wipe = useMutation({
    mutationFn: () => change(`/api/ward/devices/${device}/wipe`, { method: 'POST', body: {} }, ['operations']),
    onSuccess: () => setIsAsked(false),
  });
  return (
    <Table.Row>
      <Table.HeaderCell scope="row">{name}</Table.HeaderCell>
      <Table.DataCell data-column={t('device-person')}>{person}</Table.DataCell>
      <Table.DataCell data-column={t('device-seen')}>{written.when(new Date(seen).toISOString())}</Table.DataCell>
      <Table.DataCell data-column={t('device-state')}>
        {t(`device-${state}`)}{' '}
        {state === 'keeps' && (
          <Button size="small" variant="tertiary" onClick={() => setIsAsked(true)}>
            {t('device-wipe')}
          </Button>
        )}
        {isAsked && (
          <Confirm
            title={t('device-wipe')}
            follows={t('device-wipe-more', { name, person })}
            action={t('device-wipe')}
            isDanger
            isPending={wipe.isPending}
            onConfirm={() => wipe.mutate()}
            onCancel={() => setIsAsked(false)}
          >
            <Problem error={wipe.error} />
          </Confirm>
        )}
      </Table.DataCell>
    </Table.Row>
  );
}
