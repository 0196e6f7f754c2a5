/** A file to the node, as it is, telling how far it has come; `fetch` can't. */
import type { DocumentView, UploadMetadata } from '#services/documents/contract.ts';
import { Refusal } from '../session/ask.ts';

type Sending = { file: File; about: UploadMetadata; csrf: string; onProgress: (part: number) => void };

/** Throws a Refusal where the node says no, an Error where it can't be reached. @param onProgress 0 to 1 */
export function sendFile({ file, about, csrf, onProgress }: Sending): Promise<DocumentView> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/documents');
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('accept-language', document.documentElement.lang);
    request.setRequestHeader('x-fyr-csrf', csrf);
    request.setRequestHeader('fyr-document', encodeURIComponent(JSON.stringify(about)));
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total));
    request.addEventListener('error', () => reject(new Error('The node was not reached.')));
    request.addEventListener('load', () => {
      const said = jsonOf(request.responseText) as { problem?: string; reason?: string } | undefined;
      if (request.status < 400) resolve(said as unknown as DocumentView);
      else reject(new Refusal(request.status, said?.problem ?? request.statusText, said?.reason));
    });
    request.send(file);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
