/** Whether bytes are what they are said to be: a program that is called a picture, or a page that is called a document, does not get in. */
import { fileTypeFromBuffer } from 'file-type';

/** What no health record holds. */
const programs = new Set([
  'application/x-msdownload',
  'application/x-elf',
  'application/x-mach-binary',
  'application/x-ms-shortcut',
  'application/x-apple.diskimage',
  'application/vnd.ms-cab-compressed',
  'application/x-deb',
  'application/x-rpm',
  'application/x-msi',
  'application/java-vm',
  'application/wasm',
]);

/** Bytes in which the form of a file shows. */
const lookedAt = 65_536;

/**
 * What is wrong, in words for people; undefined where nothing is known against it. Text that is called text is not looked into further: its first letters may
 * happen to be those of a picture's form.
 * @param claimed a MIME type, with or without parameters; undefined where none was given
 */
export async function contentProblem(claimed: string | undefined, content: Uint8Array): Promise<string | undefined> {
  const type = bareType(claimed);
  if (type !== undefined && isTextual(type) && looksLikeText(content)) return undefined;
  const found = await fileTypeFromBuffer(content);
  if (found === undefined) return undefined;
  const seen = found.mime as string;
  if (programs.has(seen)) return `The content is a program (${seen}), which is not taken.`;
  if (type === undefined || type === 'application/octet-stream' || isSameKind(type, seen)) return undefined;
  return `The content is called ${type}, and is ${seen}.`;
}

function bareType(claimed: string | undefined): string | undefined {
  const type = claimed?.split(';')[0]?.trim().toLowerCase();
  return type === '' ? undefined : type;
}

function isTextual(type: string): boolean {
  return /^text\/|[/+](json|xml)$|^application\/(javascript|rtf|sql|yaml)$/.test(type);
}

function looksLikeText(content: Uint8Array): boolean {
  const front = content.subarray(0, lookedAt);
  if (front.includes(0)) return false;
  try {
    // A letter of several bytes may be cut in two at the end of what is looked at.
    new TextDecoder('utf-8', { fatal: true }).decode(front, { stream: front.length < content.length });
    return true;
  } catch {
    return false;
  }
}

/** Names of one thing, and of what is kept in the same container. */
const kinds: readonly RegExp[] = [
  /^application\/(x-)?pdf$/,
  /^image\/(jpeg|jpg|pjpeg)$/,
  /^image\/(tiff|tiff-fx)$|^image\/x-.*raw|^image\/x-(canon|nikon|sony|adobe)/,
  /^(image\/(x-)?icon|image\/vnd\.microsoft\.icon)$/,
  /^(image|application)\/(x-)?(ms-)?bmp$/,
  /xml$|^text\/html$/,
  /^application\/(x-)?(gzip|gzip-compressed|tar\+gzip)$|^application\/x-(tgz|compressed)$/,
  /^application\/((x-)?zip(-compressed)?|.*\+zip|vnd\.openxmlformats-officedocument\..*|vnd\.oasis\.opendocument\..*|java-archive|epub\+zip)$/,
  /^application\/(x-cfb|msword|vnd\.ms-(excel|powerpoint|outlook|word)|vnd\.visio)$/,
  /^(audio|video)\/(mp4|x-m4a|m4a|x-m4v|quicktime|3gpp2?|aac)$|^application\/mp4$/,
  /^(audio|video|application)\/(ogg|opus|webm|matroska|x-matroska)$/,
  /^audio\/(mpeg|mp3|x-mp3|mpeg3|x-mpeg)$|^video\/mpeg$/,
  /^audio\/(wav|x-wav|wave|vnd\.wave)$/,
  /^(application|image)\/dicom(\+.*)?$/,
  /^(application|text)\/rtf$/,
  /^application\/(x-)?(pkcs7.*|cms|x509.*|pgp.*)$/,
];

function isSameKind(claimed: string, seen: string): boolean {
  return claimed === seen || kinds.some((kind) => kind.test(claimed) && kind.test(seen));
}
