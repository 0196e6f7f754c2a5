/** Counts requests and how long they took: for Prometheus as it likes it, and the last whole minute in plain numbers. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { HttpServer } from '#kernel/http.ts';
import { numberFacts, numberNames, type NumberName, type Numbers } from './numbers.ts';

export type Requests = {
  /** Watches every request of the server. */
  watch(server: HttpServer): void;
  /** The last whole minute; undefined before there was one. */
  lastMinute(now: number): Numbers;
  /** All of it as Prometheus reads it (text format 0.0.4). */
  text(numbers: Numbers): Promise<string>;
  contentType: string;
};

/** Latencies that are kept of one minute: of more, every other one. */
const keptMax = 4000;
const minuteMs = 60_000;

export function createRequests(now: () => number): Requests {
  const registry = new Registry();
  const counted = new Counter({
    name: 'fyr_http_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const took = new Histogram({
    name: 'fyr_http_request_seconds',
    help: 'From the arrival of a request until its answer was sent',
    labelNames: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const gauges = new Map<NumberName, Gauge>();
  for (const name of numberNames) {
    const { metric, help } = numberFacts[name];
    gauges.set(name, new Gauge({ name: `fyr_${metric}`, help, registers: [registry] }));
  }
  const minutes = new Minutes();
  return {
    contentType: registry.contentType,
    watch(server) {
      const answers = remembered((method: string, route: string, status: number) =>
        counted.labels(method, route, String(status)),
      );
      const latencies = remembered((route: string) => took.labels(route));
      server.addHook('onResponse', (request, reply, done) => {
        // The route as it was registered: no id and no name of anybody is in it.
        const route = request.routeOptions.url ?? 'none';
        answers(request.method, route, reply.statusCode).inc();
        latencies(route).observe(reply.elapsedTime / 1000);
        minutes.add(now(), reply.elapsedTime, reply.statusCode >= 500);
        done();
      });
    },
    lastMinute: (at) => minutes.last(at),
    async text(numbers) {
      for (const [name, gauge] of gauges) {
        const value = numbers[name];
        if (value === undefined) gauge.remove();
        else gauge.set(value);
      }
      const known = new Set(numberNames.filter((name) => numbers[name] !== undefined));
      const text = await registry.metrics();
      return withoutUnknown(text, known);
    },
  };
}

/** Made once for each of the few methods, routes and statuses that there are, and not for each request. */
function remembered<Args extends (string | number)[], Made>(make: (...args: Args) => Made): (...args: Args) => Made {
  const known = new Map<string, Made>();
  return (...args) => {
    const key = args.join(' ');
    let made = known.get(key);
    if (made === undefined) known.set(key, (made = make(...args)));
    return made;
  };
}

/** A number that nobody can tell is not 0: it is left out. */
function withoutUnknown(text: string, known: ReadonlySet<NumberName>): string {
  const unknown = numberNames.filter((name) => !known.has(name)).map((name) => `fyr_${numberFacts[name].metric}`);
  const lines = text.split('\n').filter((line) => !unknown.includes(/^(?:# \w+ )?(\w+)/.exec(line)?.[1] ?? ''));
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

type Minute = { began: number; count: number; errors: number; latencies: number[] };

class Minutes {
  #current: Minute = emptyMinute(0);
  #last: Minute | undefined;

  add(at: number, latencyMs: number, isError: boolean): void {
    this.#turn(at);
    const minute = this.#current;
    minute.count++;
    if (isError) minute.errors++;
    if (minute.latencies.length < keptMax || minute.count % 2 === 0) {
      minute.latencies[minute.latencies.length < keptMax ? minute.latencies.length : minute.count % keptMax] =
        latencyMs;
    }
  }

  last(at: number): Numbers {
    this.#turn(at);
    if (this.#last === undefined) return {};
    const { count, errors, latencies } = this.#last;
    const sorted = Float64Array.from(latencies).sort();
    const at_ = (share: number): number | undefined =>
      sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)];
    const [p50, p99] = [at_(0.5), at_(0.99)];
    return {
      requestsPerMinute: count,
      errorsPerMinute: errors,
      ...(p50 === undefined ? {} : { latencyP50Ms: p50 }),
      ...(p99 === undefined ? {} : { latencyP99Ms: p99 }),
    };
  }

  #turn(at: number): void {
    const began = Math.floor(at / minuteMs) * minuteMs;
    if (began === this.#current.began) return;
    // A minute in which nothing was asked is a minute all the same.
    const isNext = began === this.#current.began + minuteMs;
    this.#last = this.#current.began === 0 ? undefined : isNext ? this.#current : emptyMinute(began - minuteMs);
    this.#current = emptyMinute(began);
  }
}

function emptyMinute(began: number): Minute {
  return { began, count: 0, errors: 0, latencies: [] };
}
