/** A server's certificate for tests, of an authority that is gone right after. */
import { systemRandomness } from '#kernel/ids.ts';
import { issueCertificate, makeAuthority, makeRequest, signingKeyOf } from '#trust/authority/certificates.ts';

/** For `localhost`; all PEM. */
export async function testCertificate(): Promise<{ cert: string; key: string; ca: string }> {
  const now = Date.now();
  const { certificate: ca, privateKey } = await makeAuthority({ name: 'Test', now, days: 2 }, systemRandomness);
  const authority = { certificate: ca, key: await signingKeyOf(Uint8Array.from(privateKey)) };
  const { key, request } = await makeRequest('test');
  const asked = { node: 'test', hosts: ['localhost', '127.0.0.1'], now, days: 1 };
  const { certificate } = await issueCertificate(authority, request, asked, systemRandomness);
  return { cert: certificate, key, ca };
}
