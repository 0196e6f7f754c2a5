/** Who stands at the door of the registers: the same as at the record's, with what each part of them asks for. */
import { Fault } from '#kernel/fault.ts';
import type { RegisterDoor } from '#services/registers/index.ts';
import type { Door } from '#trust/index.ts';

/** Persons may be looked up by those who treat and by systems; protected addresses by systems that were given the scope for it. */
export function registerDoor(door: Door): RegisterDoor {
  return async (request, part) => {
    const { caller, grant, end } = await door.enter(request, { action: 'operation', query: `register: ${part}` });
    try {
      const name = `register-${part}`;
      await grant.allowOperation({ name, type: undefined, id: undefined, affectsState: false });
    } catch (error) {
      if (error instanceof Fault) await end({ status: error.status, fault: error });
      throw error;
    }
    const { subject } = caller;
    const mayKnowProtectedAddress = subject.kind === 'system' && subject.scopes.includes(protectedAddressScope);
    return {
      access: { mayKnowProtectedAddress },
      saw: (patients) => grant.saw(patients.map((patient) => ({ type: 'Patient', id: patient, patient }))),
      end,
    };
  };
}

/** As Persontjenesten names the right to know by law. */
const protectedAddressScope = 'nhn:hgd-persontjenesten-api/read-with-legal-basis';
