/** For tests: an issuer on a socket of its own that signs whatever it is told to, and clients that prove what keys they hold. */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';

export type TestIssuer = {
  url: string;
  /** How often its keys were asked for. */
  asked(): number;
  /** A JWT with these claims besides iss, aud, iat and exp (in five minutes), which they override; `undefined` leaves one out. */
  sign(claims: JWTPayload, header?: { [name: string]: unknown }): Promise<string>;
  /** A new key; the old one is not told of any more. */
  rotate(): Promise<void>;
  publicKey(): JWK;
  stop(): Promise<void>;
  /** Answers again, at the same address. */
  start(): Promise<void>;
};

export const testAudience = 'http://fyr.test/fhir';

export async function startTestIssuer(): Promise<TestIssuer> {
  let number = 0;
  let key: { privateKey: CryptoKey; jwk: JWK };
  let asked = 0;
  let server: Server | undefined;
  let port = 0;
  const rotate = async (): Promise<void> => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: `key-${++number}`, alg: 'ES256', use: 'sig' };
    key = { privateKey: pair.privateKey, jwk };
  };
  const start = async (): Promise<void> => {
    server = createServer((request, response) => {
      const url = `http://127.0.0.1:${port}`;
      if (request.url === '/jwks') asked++;
      const body = request.url === '/jwks' ? { keys: [key.jwk] } : { issuer: url, jwks_uri: `${url}/jwks` };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  };
  await rotate();
  await start();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    rotate,
    start,
    stop,
    asked: () => asked,
    publicKey: () => key.jwk,
    sign: (claims, header = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: url, aud: testAudience, iat: now, exp: now + 300, ...claims };
      const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      return new SignJWT(given)
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.jwk.kid as string, ...header })
        .sign(key.privateKey);
    },
  };
}

export type TestClient = {
  thumbprint: string;
  /** A proof for `GET http://fyr.test/fhir/Patient/1` with this token; `claims` and `header` override what it says. */
  proof(token: string, claims?: { [name: string]: unknown }, header?: { [name: string]: unknown }): Promise<string>;
};

export async function testClient(alg = 'ES256'): Promise<TestClient> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  let used = 0;
  const run = Math.random().toString(36);
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    proof: (token, claims = {}, header = {}) => {
      const all = {
        htm: 'GET',
        htu: 'http://fyr.test/fhir/Patient/1',
        iat: Math.floor(Date.now() / 1000),
        jti: `${run}-${used++}`,
        ath: createHash('sha256').update(token).digest('base64url'),
        ...claims,
      };
      return new SignJWT(all).setProtectedHeader({ alg, typ: 'dpop+jwt', jwk, ...header }).sign(privateKey);
    },
  };
}
