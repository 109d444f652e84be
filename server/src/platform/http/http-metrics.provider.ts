import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { DurationTally, REQUEST_BOUNDS } from '../metrics/duration-tally.js';
import { Metrics } from '../metrics/metrics.js';
import { type Cell, Tally } from '../metrics/tally.js';

/** What no route answered: paths are whatever anybody asks for, so they are one. */
const NO_ROUTE = 'none';
/** The status of requests whose clients gave up before all of the answer was sent. */
const ABORTED = 'aborted';
const MS_PER_SECOND = 1_000;

/**
 * Counts requests by the template of their route, never by path. Every route is given its own counters when it is
 * registered, so that a request looks nothing up; the hooks take callbacks, for a promise costs more than all the rest.
 */
@Injectable()
export class HttpMetrics {
  private readonly requests = new Tally<{ readonly method: string; readonly route: string; readonly status: string }>();
  private readonly routes: RouteTally[] = [];
  private readonly byRoute = new Map<string, RouteTally>();

  /** Hooks in at once: Nest registers its routes before modules are initialised. */
  constructor(adapters: HttpAdapterHost, metrics: Metrics) {
    const fastify: FastifyInstance = adapters.httpAdapter.getInstance();
    fastify.addHook('onRoute', (route) => this.follow(route));
    const unknown = new Map<string, RouteTally>();
    const tallyOfUnknown = (method: string): RouteTally => {
      const tally = unknown.get(method) ?? this.tallyOf(method, NO_ROUTE);
      unknown.set(method, tally);
      return tally;
    };
    fastify.addHook('onResponse', (request, reply, done) => {
      if (request.is404) tallyOfUnknown(request.method).count(reply);
      done();
    });
    // Fastify says nothing of answers that nobody waits for any more.
    fastify.addHook('onRequest', (request, reply, done) => {
      reply.raw.on('close', () => {
        if (reply.raw.writableFinished) return;
        const known = this.byRoute.get(`${request.method} ${request.routeOptions.url ?? ''}`);
        (known ?? tallyOfUnknown(request.method)).countAborted(reply);
      });
      done();
    });
    metrics.add(
      {
        sluice_http_requests_total: {
          type: 'counter',
          help:
            'Requests to this replica, by template of the route and status; "aborted": the client gave up before all of ' +
            'the answer was sent. Event streams are sluice_streams_*.',
        },
        sluice_http_request_duration_seconds: {
          type: 'histogram',
          help: 'From the headers of a request to the end of its answer; event streams are left out, long polls are not.',
        },
      },
      () => ({
        sluice_http_requests_total: this.requests.samples(),
        sluice_http_request_duration_seconds: this.routes.flatMap((route) => route.samples()),
      }),
    );
  }

  /** The counters of a route, for who answers some of its requests past Fastify. */
  ofRoute(method: string, route: string): RouteTally {
    return this.byRoute.get(`${method} ${route}`) ?? this.tallyOf(method, route);
  }

  private follow(route: RouteOptions): void {
    const tallies = [route.method].flat().map((method) => [method, this.tallyOf(method, route.url)] as const);
    const byMethod = new Map<string, RouteTally>(tallies);
    for (const [method, tally] of tallies) this.byRoute.set(`${method} ${route.url}`, tally);
    const before = [route.onResponse ?? []].flat();
    route.onResponse = [
      ...before,
      (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
        byMethod.get(request.method)?.count(reply);
        done();
      },
    ];
  }

  private tallyOf(method: string, route: string): RouteTally {
    const tally = new RouteTally(method, route, (status) => this.requests.cell({ method, route, status }));
    this.routes.push(tally);
    return tally;
  }
}

/** The requests of one route. */
export class RouteTally {
  private readonly statuses: (Cell | undefined)[] = [];
  private readonly durations = new DurationTally(REQUEST_BOUNDS);
  private hasDurations = false;

  constructor(
    private readonly method: string,
    private readonly route: string,
    private readonly cellOf: (status: string) => Cell,
  ) {}

  count(reply: FastifyReply): void {
    if (!isStream(reply)) this.countAnswer(reply.raw.statusCode, reply.elapsedTime);
  }

  /** Counts an answer that Fastify does not see, when it is over. */
  follow(response: ServerResponse): void {
    const startMs = performance.now();
    response.on('close', () => {
      if (response.writableFinished) this.countAnswer(response.statusCode, performance.now() - startMs);
      else this.cellOf(ABORTED).count += 1;
    });
  }

  /** Its client gave up; how long that took says nothing of the server. */
  countAborted(reply: FastifyReply): void {
    if (!isStream(reply)) this.cellOf(ABORTED).count += 1;
  }

  private countAnswer(status: number, ms: number): void {
    const cell = (this.statuses[status] ??= this.cellOf(String(status)));
    cell.count += 1;
    this.hasDurations = true;
    this.durations.observe(ms / MS_PER_SECOND);
  }

  /** None before the first request: most routes of most servers are never asked. */
  samples(): ReturnType<DurationTally['samples']> {
    return this.hasDurations ? this.durations.samples({ method: this.method, route: this.route }) : [];
  }
}

/** It lasts as long as its client does, and ends unheard where that is cut off. */
function isStream(reply: FastifyReply): boolean {
  const type = reply.raw.getHeader('content-type');
  return typeof type === 'string' && type.startsWith('text/event-stream');
}
