/** What is agreed for the time to come, as a list that pages share. */
import { useTranslation } from 'react-i18next';
import { Card } from '../record/card.tsx';
import { Row, rowsOrNone } from '../record/rows.tsx';
import { wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { appointmentsQuery } from './queries.ts';

const gone: readonly string[] = ['cancelled', 'entered-in-error', 'noshow', 'fulfilled'];

export function Upcoming({ patient, most = 50 }: { patient: string; most?: number }) {
  const { t } = useTranslation('health');
  const written = useWritten();
  return (
    <Card
      title={t('appointments')}
      area="own-appointments"
      query={appointmentsQuery(patient)}
      empty={t('appointments-none')}
    >
      {(all) =>
        rowsOrNone(
          all.filter(({ status }) => !gone.includes(status)).slice(0, most),
          ({ start, participant, reasonCode, description, appointmentType, patientInstruction }) => {
            const others = participant.flatMap(({ actor }) =>
              actor?.reference?.startsWith('Patient/') ? [] : (actor?.display ?? []),
            );
            return (
              <Row from={[wordsOf(appointmentType), ...others]}>
                <strong>{written.when(start)}</strong> {description ?? wordsOf(reasonCode?.[0])}
                {patientInstruction !== undefined && <p className="fyr-plain">{patientInstruction}</p>}
              </Row>
            );
          },
        )
      }
    </Card>
  );
}
