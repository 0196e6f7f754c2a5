/** The number of a form: typed, or read by the camera where the browser can. */
import { CameraIcon } from '@navikt/aksel-icons';
import { Button, InlineMessage, TextField } from '@navikt/ds-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

/** As a person types it, or as the QR code has it (`FYR1:node:…`). */
const codeForm = /^(FYR1:[a-z0-9-]+:)?[A-Z]{4}-?\d{6}-?\d{4}-?\d{2}$/i;

type Detector = { detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> };
type DetectorClass = new (options: { formats: string[] }) => Detector;
const detectorClass = (): DetectorClass | undefined =>
  (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;

export function CodeField() {
  const { t } = useTranslation('paper');
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const [isLooking, setIsLooking] = useState(false);
  const code = typed.trim().replace(/\s/g, '');
  const isGood = codeForm.test(code);
  const open = (found: string): void => void navigate(`/paper/${encodeURIComponent(found)}`);
  return (
    <section aria-labelledby="enter" className="fyr-card fyr-stack">
      <h2 id="enter">{t('enter')}</h2>
      <form
        className="fyr-row"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setIsChecked(true);
          if (isGood) open(code);
        }}
      >
        <TextField
          label={t('code')}
          description={t('code-more')}
          value={typed}
          autoComplete="off"
          autoCapitalize="characters"
          onChange={(event) => setTyped(event.target.value)}
          error={isChecked && !isGood && t('code-wrong')}
        />
        <Button type="submit">{t('find-form')}</Button>
        {detectorClass() !== undefined && navigator.mediaDevices !== undefined && (
          <Button
            type="button"
            variant="secondary"
            icon={<CameraIcon aria-hidden />}
            onClick={() => setIsLooking((was) => !was)}
          >
            {t(isLooking ? 'camera-stop' : 'camera')}
          </Button>
        )}
      </form>
      {isLooking && (
        <Camera
          onFound={(found) => {
            setIsLooking(false);
            if (codeForm.test(found)) open(found);
          }}
        />
      )}
    </section>
  );
}

const lookEveryMs = 250;

function Camera({ onFound }: { onFound: (found: string) => void }) {
  const { t } = useTranslation('paper');
  const video = useRef<HTMLVideoElement>(null);
  const [hasFailed, setHasFailed] = useState(false);
  useEffect(() => {
    const make = detectorClass();
    const place = video.current;
    if (make === undefined || place === null) return undefined;
    const detector = new make({ formats: ['qr_code'] });
    let stream: MediaStream | undefined;
    let isOver = false;
    const begin = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (isOver) return stop();
      place.srcObject = stream;
      await place.play();
    };
    const stop = (): void => stream?.getTracks().forEach((track) => track.stop());
    begin().catch(() => setHasFailed(true));
    const timer = setInterval(() => {
      if (place.readyState < place.HAVE_CURRENT_DATA) return;
      detector.detect(place).then(
        ([first]) => first && !isOver && onFound(first.rawValue),
        () => undefined,
      );
    }, lookEveryMs);
    return () => {
      isOver = true;
      clearInterval(timer);
      stop();
    };
  }, [onFound]);
  if (hasFailed) return <InlineMessage status="warning">{t('camera-failed')}</InlineMessage>;
  return <video ref={video} muted playsInline className="fyr-camera" aria-label={t('camera-picture')} />;
}
