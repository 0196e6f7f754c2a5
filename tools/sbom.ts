/**
 * The list of what runs (CycloneDX 1.5), from package-lock.json: the same file gives the same list. Written here because `npm sbom --omit=dev` leaves out packages
 * that a tool of development needs too.
 */
import { createHash } from 'node:crypto';

type Package = {
  version?: string;
  license?: string;
  integrity?: string;
  resolved?: string;
  dev?: boolean;
  optional?: boolean;
  link?: boolean;
  dependencies?: { [name: string]: string };
  optionalDependencies?: { [name: string]: string };
};

/** As in package-lock.json: by the paths where they lie. */
type Packages = { readonly [path: string]: Package };

type Own = { name: string; version: string; license: string; description: string };

/** The list as an object. */
export function sbomOf(own: Own, packages: Packages) {
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
function once(entries: [string, Package][]): [string, Package][] {
  return [
    ...new Map(entries.map((entry) => [refOf({ name: nameOf(entry[0]), version: entry[1].version }), entry])).values(),
  ];
}

function componentOf(path: string, { version, license, integrity, resolved, optional }: Package) {
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
function dependenciesOf(path: string, wanted: Package['dependencies'], packages: Packages): string[] {
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

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function refOf({ name, version }: { name: string; version: string | undefined }): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function licencesOf(license: string): object[] {
  if (/ (OR|AND|WITH) /.test(license)) return [{ expression: license }];
  return /^SEE LICEN[SC]E/i.test(license) ? [{ license: { name: license } }] : [{ license: { id: license } }];
}

function hashesOf(integrity: string): object[] {
  return integrity.split(' ').map((one) => {
    const [algorithm, value] = [one.slice(0, one.indexOf('-')), one.slice(one.indexOf('-') + 1)];
    return {
      alg: algorithm.toUpperCase().replace('SHA', 'SHA-'),
      content: Buffer.from(value, 'base64').toString('hex'),
    };
  });
}

/** A UUID out of the content (RFC 9562 §5.8, version 8). */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
