/** To close one document from where it is read, for all but emergencies, and to open it again; each in two steps. */
import { Button, Tag } from '@navikt/ds-react';
import { PadlockLockedIcon } from '@navikt/aksel-icons';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { blocksQuery } from '../record/blocks.ts';
import { useActingFor, useActingSearch } from '../session/acting-for.tsx';
import { useChange } from '../session/queries.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Problem } from '../ui/problem.tsx';

type DocumentBlockProps = {
  document: string;
  title: string;
  /** It is being read. One that is closed says so, and is opened again, also where it is not. */
  isOpen: boolean;
};

export function DocumentBlock({ document, title, isOpen }: DocumentBlockProps) {
  const { t } = useTranslation('health');
  const patient = useActingFor();
  const search = useActingSearch();
  // Who may not see the choices (to act with less than the whole record) is offered none.
  const { data } = useQuery({ ...blocksQuery(patient), retry: false });
  const [isAsked, setIsAsked] = useState(false);
  const change = useChange();
  const own = data?.blocks.filter((block) => block.document === document) ?? [];
  const forAll = own.find((block) => block.for === undefined);
  const doing = useMutation({
    mutationFn: () =>
      forAll === undefined
        ? change('/api/control/blocks', { method: 'POST', body: { document, ...(patient && { patient }) } }, [
            'control',
          ])
        : change(`/api/control/blocks/${forAll.id}`, { method: 'DELETE' }, ['control']),
    onSuccess: () => setIsAsked(false),
  });
  if (data === undefined || (!isOpen && own.length === 0)) return null;
  const act = forAll === undefined ? 'block' : 'unblock';
  return (
    <div className="fyr-row fyr-row-middle fyr-not-on-paper">
      {forAll !== undefined && (
        <Tag size="small" variant="moderate" data-color="warning" icon={<PadlockLockedIcon aria-hidden />}>
          {t('document-blocked')}
        </Tag>
      )}
      {own.length > 0 && forAll === undefined && <Link to={`/control${search}`}>{t('document-blocked-some')}</Link>}
      <Button size="small" variant="tertiary" onClick={() => setIsAsked(true)}>
        {t(`document-${act}`)}
        <span className="fyr-unseen"> {title}</span>
      </Button>
      {isAsked && (
        <Confirm
          title={t(`document-${act}-title`, { title })}
          follows={t(`document-${act}-follows`)}
          action={t(`document-${act}`)}
          isPending={doing.isPending}
          onConfirm={() => doing.mutate()}
          onCancel={() => setIsAsked(false)}
        >
          <p className="fyr-plain">
            <Link to={`/control${search}`}>{t('document-block-some')}</Link>
          </p>
          <Problem error={doing.error} />
        </Confirm>
      )}
    </div>
  );
}
