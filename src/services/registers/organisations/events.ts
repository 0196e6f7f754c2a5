/** What happened to an organisation, told by two versions of it after each other. Pure. */
import type { OrganisationEvent, OrganisationEventKind } from '../contract.ts';
import type { Change } from '../persons/events.ts';
import type { Reference } from '../register-codes.ts';
import { replacedByOf } from './organisation-exchange.ts';

/** The events of a change of an Organization. A merger names who goes on with it in `detail`. */
export function organisationEvents({ before, after, updated }: Change): OrganisationEvent[] {
  const organisation = (after ?? before)?.id;
  if (organisation === undefined) return [];
  const told = (kind: OrganisationEventKind, occurred?: string, detail?: string): OrganisationEvent => ({
    kind,
    organisation,
    occurred: occurred ?? new Date(updated).toISOString(),
    ...(detail === undefined ? {} : { detail }),
  });
  if (after === undefined) return [told('OrganisationIsRemoved')];
  if (before === undefined) return [told('OrganisationIsCreated')];
  const events: OrganisationEvent[] = [];
  if (before['name'] !== after['name'])
    events.push(told('ChangeInName', undefined, `${String(before['name'])} → ${String(after['name'])}`));
  const [was, is] = [replacedByOf(before), replacedByOf(after)];
  const isMerged = is !== undefined && was?.id !== is.id;
  if (isMerged) events.push(told('OrganisationIsMerged', is.on, `Organization/${is.id}`));
  const [wasActive, isActive] = [before['active'] !== false, after['active'] !== false];
  if (wasActive && !isActive && !isMerged) events.push(told('OrganisationIsClosed'));
  if (!wasActive && isActive) events.push(told('OrganisationIsReopened'));
  const parentOf = (each: typeof after): string | undefined => (each['partOf'] as Reference | undefined)?.reference;
  if (parentOf(before) !== parentOf(after)) events.push(told('ChangeInParent', undefined, parentOf(after)));
  return events;
}
