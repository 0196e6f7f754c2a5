/** The dialogue of `confirm.tsx`. */
import { BodyLong, Button, Modal } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';

export type ConfirmProps = {
  title: string;
  /** The consequence, in a sentence. */
  follows: string;
  action: string;
  isDanger?: boolean;
  isPending: boolean;
  onConfirm: () => void;
  onCancel: () => void;
  children?: React.ReactNode;
};

export default function ConfirmDialog({
  title,
  follows,
  action,
  isDanger,
  isPending,
  onConfirm,
  onCancel,
  children,
}: ConfirmProps) {
  const { t } = useTranslation('ui');
  return (
    <Modal open onClose={onCancel} header={{ heading: title, size: 'small' }} width="small">
      <Modal.Body>
        <BodyLong spacing>{follows}</BodyLong>
        {children}
      </Modal.Body>
      <Modal.Footer>
        <Button type="button" loading={isPending} onClick={onConfirm} {...(isDanger ? { 'data-color': 'danger' } : {})}>
          {action}
        </Button>
        <Button type="button" variant="tertiary" onClick={onCancel}>
          {t('cancel')}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}
