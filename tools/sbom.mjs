/**
 * The list of what runs (CycloneDX 1.5), from package-lock.json: the same file gives the same list. Written here because `npm sbom --omit=dev` leaves out packages
 * that a tool of development needs too.
 */
import { createHash } from 'node:crypto';

/**
 * @param {{ name: string, version: string, license: string, description: string }} own of package.json
 * @param {{ [path: string]: any }} packages of package-lock.json
 */
export function sbomOf(own, packages) {
  const running = once(Object.entries(packages).filter(([path, { dev, link }]) => path !== '' && !dev && !link));
  const content = {
    metadata: {
      lifecycles: [{ phase: 'pre-build' }],
      component: {
        type: 'application',
        'bom-ref': refOf(own),
        name: own.name,
        version: own.version,
        description: own.description,
        licenses: licencesOf(own.license),
        purl: refOf(own),
      },
    },
    components: running.map(([path, entry]) => componentOf(path, entry)),
    dependencies: [
      { ref: refOf(own), dependsOn: dependenciesOf('', packages['']?.dependencies, packages) },
      ...running.map(([path, entry]) => ({
        ref: refOf({ name: nameOf(path), version: entry.version }),
        dependsOn: dependenciesOf(path, { ...entry.dependencies, ...entry.optionalDependencies }, packages),
      })),
    ],
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    version: 1,
    ...content,
  };
}

/** The same package may lie in several places. */
function once(entries) {
  return [
    ...new Map(entries.map((entry) => [refOf({ name: nameOf(entry[0]), version: entry[1].version }), entry])).values(),
  ];
}

function componentOf(path, { version, license, integrity, resolved, optional }) {
  const name = nameOf(path);
  const ref = refOf({ name, version });
  return {
    type: 'library',
    'bom-ref': ref,
    name,
    version,
    scope: optional ? 'optional' : 'required',
    ...(license === undefined ? {} : { licenses: licencesOf(license) }),
    purl: ref,
    ...(integrity === undefined ? {} : { hashes: hashesOf(integrity) }),
    ...(resolved === undefined ? {} : { externalReferences: [{ type: 'distribution', url: resolved }] }),
  };
}

/** Where Node would find them from that path: nested first, then upwards. */
function dependenciesOf(path, wanted, packages) {
  const found = Object.keys(wanted ?? {}).flatMap((name) => {
    for (let at = path; ; at = at.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
      const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
      if (packages[place] !== undefined && !packages[place].dev)
        return [refOf({ name, version: packages[place].version })];
      if (at === '') return [];
    }
  });
  return [...new Set(found)].sort();
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function refOf({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function licencesOf(license) {
  if (/ (OR|AND|WITH) /.test(license)) return [{ expression: license }];
  return /^SEE LICEN[SC]E/i.test(license) ? [{ license: { name: license } }] : [{ license: { id: license } }];
}

function hashesOf(integrity) {
  return integrity.split(' ').map((one) => {
    const [algorithm, value] = [one.slice(0, one.indexOf('-')), one.slice(one.indexOf('-') + 1)];
    return {
      alg: algorithm.toUpperCase().replace('SHA', 'SHA-'),
      content: Buffer.from(value, 'base64').toString('hex'),
    };
  });
}

/** A UUID out of the content (RFC 9562 §5.8, version 8). */
function uuidOf(text) {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
