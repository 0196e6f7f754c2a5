/**
 * A sign-in, step by step: choose the person, then (for applications that are not our own pages) the patient and whether it may act.
 * Each step is a form; what has been chosen is kept with the interaction, in the database.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors, type InteractionResults, type Provider } from 'oidc-provider';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import { knownClient, pagesClientId } from './clients.ts';
import { lifetimes } from './configuration.ts';
import {
  consentPage,
  patientPage,
  signInPage,
  type PatientChoice,
  type PersonaChoice,
  type Place,
} from './interaction-pages.ts';
import type { LaunchContext, LaunchContexts } from './launch-context.ts';
import { escapeHtml, languageCookie, languageIn, languageOf, pageHeaders, renderPage } from './page.ts';
import type { Person } from './person.ts';
import type { PersonaEntry } from './persona.ts';
import { texts } from './texts.ts';

/** Patients by name, or the one by id, among those whose record the person may read. */
export type FindPatients = (
  person: PersonaEntry,
  question: { name: string } | { id: string } | { represented: true },
) => Promise<readonly PatientChoice[]>;

export type InteractionDeps = {
  /** Asked each time: the library's object is made anew when keys change. */
  provider(): Provider;
  /** `/oidc`. */
  prefix: string;
  baseUrl: string;
  fhirBase: string;
  personas: readonly PersonaEntry[];
  findPerson(account: string): Promise<Person | undefined>;
  findPatients: FindPatients;
  launches: LaunchContexts;
  /** Keeps and gives the patient chosen in a sign-in that goes on. */
  choices: {
    keep(uid: string, choice: LaunchContext): Promise<void>;
    of(uid: string): Promise<LaunchContext | undefined>;
  };
};

type Details = Awaited<ReturnType<Provider['interactionDetails']>>;
type Step = { details: Details; request: FastifyRequest; reply: FastifyReply; place: Place };

export function registerInteraction(server: HttpServer, deps: InteractionDeps): void {
  const path = `${deps.prefix}/interaction/:uid`;
  const step =
    (take: (deps: InteractionDeps, step: Step) => Promise<FastifyReply>) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const details = await detailsOf(deps, request, reply);
      if (!details) return sendExpired(deps, request, reply);
      return take(deps, { details, request, reply, place: placeOf(deps, request, details) });
    };
  server.get(path, step(showStep));
  server.post(`${path}/sign-in`, step(signIn));
  server.post(`${path}/patient`, step(choosePatient));
  server.post(`${path}/consent`, step(consent));
  server.post(`${path}/abort`, step(abort));
}

/** Undefined when the sign-in is over, too old, or another browser's. */
async function detailsOf(
  deps: InteractionDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Details | undefined> {
  const { origin } = request.headers;
  // A form of another site: SameSite keeps its cookie away in browsers of today, this in others.
  if (request.method === 'POST' && origin !== undefined && origin !== new URL(deps.baseUrl).origin)
    throw new Fault('forbidden', 'This form was sent from another site.');
  try {
    const details = await deps.provider().interactionDetails(request.raw, reply.raw);
    return details.uid === (request.params as { uid: string }).uid ? details : undefined;
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined;
    throw error;
  }
}

function placeOf(deps: InteractionDeps, request: FastifyRequest, { uid, params }: Details): Place {
  const asked = (request.query as { lang?: unknown }).lang;
  const { cookie } = request.headers;
  return {
    address: `${deps.prefix}/interaction/${uid}`,
    style: `${deps.prefix}/style.css`,
    language: languageOf(
      typeof asked === 'string' ? asked : undefined,
      languageIn(cookie),
      typeof params['ui_locales'] === 'string' ? params['ui_locales'] : undefined,
      request.headers['accept-language'],
    ),
  };
}

async function showStep(deps: InteractionDeps, step: Step): Promise<FastifyReply> {
  const { details, place } = step;
  if (details.prompt.name === 'login') return sendPage(deps, step, signInPage(place, await peopleOf(deps)));
  if (details.params['client_id'] === pagesClientId) return finish(deps, step, await grant(deps, details, {}));
  const context = await contextOf(deps, details);
  if (context === 'refused') return finish(deps, step, denied('this launch is not for this person or application'));
  if (context === undefined) return showPatients(deps, step);
  return showConsent(deps, step, context);
}

async function peopleOf(deps: InteractionDeps): Promise<PersonaChoice[]> {
  const people = await Promise.all(
    deps.personas.map(async (persona) => ({ persona, person: await deps.findPerson(persona.key) })),
  );
  return people
    .filter(({ person }) => person !== undefined)
    .map(({ persona, person }) => ({ persona, ...(person?.workplace ? { workplace: person.workplace.name } : {}) }));
}

async function signIn(deps: InteractionDeps, step: Step): Promise<FastifyReply> {
  const key = fieldOf(step.request, 'persona');
  const person = deps.personas.some((persona) => persona.key === key) ? await deps.findPerson(key) : undefined;
  if (step.details.prompt.name !== 'login' || !person) return showStep(deps, step);
  return finish(deps, step, { login: { accountId: key, amr: ['trial'], remember: true } });
}

/**
 * The launch context of the request: what the EHR said, or what was chosen; `{}` where no patient is asked for, undefined where one is still to
 * be chosen.
 */
async function contextOf(deps: InteractionDeps, details: Details): Promise<LaunchContext | 'refused' | undefined> {
  const { params, uid, session } = details;
  const scopes = String(params['scope'] ?? '').split(' ');
  if (scopes.includes('launch') && typeof params['launch'] === 'string') {
    const launch = await deps.launches.findLaunch(params['launch']);
    if (
      !launch ||
      launch.consumed !== undefined ||
      launch.account !== session?.accountId ||
      launch.client !== params['client_id']
    )
      return 'refused';
    const { patient, encounter } = launch;
    return { ...(patient === undefined ? {} : { patient }), ...(encounter === undefined ? {} : { encounter }) };
  }
  const needsPatient = scopes.includes('launch/patient') || scopes.some((scope) => scope.startsWith('patient/'));
  return needsPatient ? deps.choices.of(uid) : {};
}

function personOf(deps: InteractionDeps, { session }: Details): PersonaEntry {
  const persona = deps.personas.find(({ key }) => key === session?.accountId);
  if (!persona) throw new Fault('forbidden', 'This person is not in the trial.');
  return persona;
}

async function showPatients(deps: InteractionDeps, step: Step): Promise<FastifyReply> {
  const person = personOf(deps, step.details);
  const asked = (step.request.query as { name?: unknown }).name;
  const name = typeof asked === 'string' && asked.trim() !== '' ? asked.trim().slice(0, 100) : undefined;
  const patients =
    person.kind === 'citizen'
      ? await deps.findPatients(person, { represented: true })
      : name === undefined
        ? []
        : await deps.findPatients(person, { name });
  const application = await applicationOf(deps, step.details);
  return sendPage(deps, step, patientPage(step.place, { application, person, name, patients }));
}

async function choosePatient(deps: InteractionDeps, step: Step): Promise<FastifyReply> {
  const id = fieldOf(step.request, 'patient');
  const [patient] = await deps.findPatients(personOf(deps, step.details), { id });
  if (patient) await deps.choices.keep(step.details.uid, { patient: patient.id });
  return step.reply.redirect(`${step.place.address}?lang=${step.place.language}`, 303);
}

async function showConsent(deps: InteractionDeps, step: Step, context: LaunchContext): Promise<FastifyReply> {
  const person = personOf(deps, step.details);
  const [patient] = context.patient === undefined ? [] : await deps.findPatients(person, { id: context.patient });
  if (context.patient !== undefined && !patient)
    return finish(deps, step, denied('this person may not read the record of this patient'));
  const scopes = String(step.details.params['scope'] ?? '').split(' ');
  const application = await applicationOf(deps, step.details);
  return sendPage(deps, step, consentPage(step.place, { application, person, patient, scopes }));
}

async function consent(deps: InteractionDeps, step: Step): Promise<FastifyReply> {
  const context = step.details.prompt.name === 'consent' ? await contextOf(deps, step.details) : undefined;
  if (context === undefined || context === 'refused') return showStep(deps, step);
  const { launch } = step.details.params;
  if (typeof launch === 'string' && !(await deps.launches.useLaunch(launch)))
    return finish(deps, step, denied('this launch has been used already'));
  return finish(deps, step, await grant(deps, step.details, context));
}

/** Everything that was asked for and is registered (the provider has cut the request down to that). */
async function grant(
  deps: InteractionDeps,
  { params, session }: Details,
  context: LaunchContext,
): Promise<InteractionResults> {
  const provider = deps.provider();
  const made = new provider.Grant({ clientId: String(params['client_id']), accountId: session?.accountId });
  const scope = String(params['scope'] ?? '');
  if (scope !== '') {
    made.addOIDCScope(scope);
    made.addResourceScope(deps.fhirBase, scope);
  }
  const details = params['authorization_details'];
  for (const detail of typeof details === 'string' ? JSON.parse(details) : []) made.addRar(detail);
  const grantId = await made.save();
  if (Object.keys(context).length > 0) await deps.launches.keep(grantId, context, lifetimes.grant);
  return { consent: { grantId } };
}

async function abort(deps: InteractionDeps, step: Step): Promise<FastifyReply> {
  return finish(deps, step, denied('the person did not agree'));
}

function denied(why: string): InteractionResults {
  return { error: 'access_denied', error_description: why };
}

async function finish(
  deps: InteractionDeps,
  { request, reply }: Step,
  result: InteractionResults,
): Promise<FastifyReply> {
  return reply.redirect(await deps.provider().interactionResult(request.raw, reply.raw, result), 303);
}

async function applicationOf(deps: InteractionDeps, { params }: Details): Promise<string> {
  const client = await deps.provider().Client.find(String(params['client_id']));
  return client ? knownClient(client).name : String(params['client_id']);
}

function fieldOf(request: FastifyRequest, name: string): string {
  const body = request.body;
  return body instanceof URLSearchParams ? (body.get(name) ?? '') : '';
}

/** Forms lead on to the application, and browsers hold the whole way to `form-action`. */
function sendPage(deps: InteractionDeps, { reply, details, place }: Step, html: string): FastifyReply {
  const redirect = String(details.params['redirect_uri'] ?? '');
  const target = /^https?:/.test(redirect) ? new URL(redirect).origin : /^[a-z][a-z0-9+.-]*:/.exec(redirect)?.[0];
  return reply
    .headers(pageHeaders(target === undefined ? [] : [target]))
    .header('set-cookie', languageCookie(place.language, deps.prefix))
    .send(html);
}

function sendExpired(deps: InteractionDeps, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = languageOf(languageIn(request.headers.cookie), request.headers['accept-language']);
  const t = texts[language];
  const body = `<h1>${escapeHtml(t.expired)}</h1><p>${escapeHtml(t.expiredLead)}</p>`;
  return reply
    .code(400)
    .headers(pageHeaders())
    .send(renderPage({ language, title: t.expired, body, style: `${deps.prefix}/style.css` }));
}
