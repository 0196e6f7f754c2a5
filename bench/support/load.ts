/**
 * A load generator that costs next to nothing itself: raw keep-alive sockets, one request under way on each, answers counted by Content-Length.
 * Run as a child process: reads a plan (JSON) from standard input, writes what it measured (JSON) to standard output.
 */
import { createConnection, type Socket } from 'node:net';

export type LoadPlan = {
  port: number;
  connections: number;
  seconds: number;
  /** Whole HTTP requests; the connections take them in turn, round and round. */
  requests: string[];
};

export type LoadResult = {
  answers: number;
  failures: number;
  perSecond: number;
  p50Ms: number;
  p95Ms: number;
  bytes: number;
  firstFailure?: string;
};

type Tally = { times: number[]; failures: number; bytes: number; firstFailure?: string };

/** One connection: sends, waits for the whole answer, sends the next, until the time is up. */
function drive(
  plan: LoadPlan,
  requests: readonly Buffer[],
  take: () => number,
  until: number,
  tally: Tally,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = createConnection({ port: plan.port, host: '127.0.0.1', noDelay: true });
    let received: Buffer[] = [];
    let length = 0;
    let expected = -1;
    let sentAt = 0;
    const send = (): void => {
      received = [];
      length = 0;
      expected = -1;
      sentAt = performance.now();
      socket.write(requests[take() % requests.length] as Buffer);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received.push(chunk);
      length += chunk.length;
      if (expected < 0) expected = expectedLength(received);
      if (expected < 0 || length < expected) return;
      const now = performance.now();
      tally.times.push(now - sentAt);
      tally.bytes += length;
      noteFailure(tally, received[0] as Buffer);
      if (now < until) return send();
      socket.destroy();
      resolve();
    });
  });
}

function noteFailure(tally: Tally, head: Buffer): void {
  if (head[9] === 0x32) return;
  tally.failures++;
  tally.firstFailure ??= head.toString('utf8', 0, 600);
}

function expectedLength(received: Buffer[]): number {
  const whole = received.length === 1 ? (received[0] as Buffer) : Buffer.concat(received);
  const end = whole.indexOf('\r\n\r\n');
  if (end < 0) return -1;
  const match = /content-length: (\d+)/i.exec(whole.toString('latin1', 0, end));
  return end + 4 + (match ? Number(match[1]) : 0);
}

async function run(plan: LoadPlan): Promise<LoadResult> {
  const requests = plan.requests.map((text) => Buffer.from(text));
  const tally: Tally = { times: [], failures: 0, bytes: 0 };
  let next = 0;
  const start = performance.now();
  const until = start + plan.seconds * 1000;
  const take = (): number => next++;
  await Promise.all(Array.from({ length: plan.connections }, () => drive(plan, requests, take, until, tally)));
  const seconds = (performance.now() - start) / 1000;
  const sorted = Float64Array.from(tally.times).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    answers: sorted.length,
    failures: tally.failures,
    perSecond: sorted.length / seconds,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    bytes: tally.bytes,
    ...(tally.firstFailure === undefined ? {} : { firstFailure: tally.firstFailure }),
  };
}

/** A GET or POST as it goes over the wire. */
export function rawRequest(method: string, path: string, body?: string): string {
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/fhir+json\r\n`;
  if (body === undefined) return `${head}\r\n`;
  return `${head}Content-Type: application/fhir+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

if (process.argv[1] === import.meta.filename) {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const plan = JSON.parse(Buffer.concat(chunks).toString('utf8')) as LoadPlan;
  process.stdout.write(JSON.stringify(await run(plan)));
}
