/** Opens the palette, which is loaded when it is first wanted. */
import { MagnifyingGlassIcon } from '@navikt/aksel-icons';
import { Button } from '@navikt/ds-react';
import { Suspense, useEffect, useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';

/** What is opened; `close` shuts it again. */
export type PaletteComponent = ComponentType<{ close: () => void }>;

export function GoTo({ palette: Palette }: { palette: PaletteComponent }) {
  const { t } = useTranslation('ui');
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setIsOpen(true);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  return (
    <>
      <Button
        type="button"
        size="small"
        variant="tertiary"
        icon={<MagnifyingGlassIcon title={t('go-to')} />}
        title={`${t('go-to')} (Ctrl K)`}
        aria-keyshortcuts="Control+K"
        onClick={() => setIsOpen(true)}
      />
      {isOpen && (
        <Suspense>
          <Palette close={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
