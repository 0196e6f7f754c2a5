// The pages of keys: asks the browser for a WebAuthn key and hands its answer on. Everything is decided by the node.
const said = document.getElementById('said');
const enrolForm = document.getElementById('enrol');
const useForm = document.getElementById('use');

const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

async function send(path, body, csrf) {
  const headers = { 'content-type': 'application/json', ...(csrf ? { 'x-fyr-csrf': csrf } : {}) };
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  const content = answer.headers.get('content-type')?.includes('json') ? await answer.json() : undefined;
  if (!answer.ok) throw new Error(content?.problem ?? String(answer.status));
  return content;
}

const listed = (credentials = []) => credentials.map((each) => ({ ...each, id: bytes(each.id) }));

async function enrol(form) {
  const { csrf } = form.dataset;
  const options = await send('/api/session/keys/options', {}, csrf);
  const credential = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: listed(options.excludeCredentials),
    },
  });
  const response = {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: text(credential.response.clientDataJSON),
      attestationObject: text(credential.response.attestationObject),
      transports: credential.response.getTransports?.() ?? [],
    },
  };
  await send('/api/session/keys', { name: form.elements.name.value, response }, csrf);
  location.assign('/sign-in/keys');
}

async function use(form) {
  const options = await send('/api/sign-in/key/options', {});
  const credential = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) },
  });
  const { authenticatorData, clientDataJSON, signature, userHandle } = credential.response;
  const response = {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: {
      authenticatorData: text(authenticatorData),
      clientDataJSON: text(clientDataJSON),
      signature: text(signature),
      ...(userHandle ? { userHandle: text(userHandle) } : {}),
    },
  };
  const { roles } = await send('/api/sign-in/key', { response });
  const { to } = form.dataset;
  location.assign(roles > 1 ? `/sign-in/role?to=${encodeURIComponent(to)}` : to);
}

function onSubmit(form, work) {
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    said.textContent = '';
    work(form).catch((error) => {
      said.textContent = `${said.dataset.failed} ${error.message}`;
    });
  });
}

onSubmit(enrolForm, enrol);
onSubmit(useForm, use);
