/** The patient at a glance: what is wrong, what is taken, what was measured, who is near. Each list says when it was fetched, and nothing is blank. */
import { useParams } from 'react-router';
import { Appointments } from './appointments.tsx';
import { EarlyWarning } from './early-warning.tsx';
import { Contacts, People } from './people.tsx';
import { Allergies, Medicines, Problems } from './lists.tsx';
import { Laboratory, Vitals } from './measured.tsx';

export function Component() {
  const { patient = '' } = useParams();
  return (
    <div className="fyr-overview">
      <div>
        <Allergies patient={patient} />
        <Medicines patient={patient} />
        <Problems patient={patient} />
      </div>
      <div>
        <EarlyWarning patient={patient} />
        <Vitals patient={patient} />
        <Laboratory patient={patient} />
        <Appointments patient={patient} />
        <Contacts patient={patient} />
        <People patient={patient} />
      </div>
    </div>
  );
}
