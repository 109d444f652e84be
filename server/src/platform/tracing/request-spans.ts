import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { tracer } from './spans.js';

/** APIs; health, metrics and pages are asked for all the time and say nothing. */
const TRACED = /^\/(?:api\/v|graphql|ofrep\/|sdk\/)/u;
const STREAM = 'text/event-stream';
const FAILED = 500;

interface RequestSpan {
  readonly span: Span;
  readonly around: Context;
}

/**
 * Gives each request to an API a span, a part of the trace that its `traceparent` names. Addresses are told as templates:
 * keys, ids and queries are not. Call it before there are routes.
 */
export function traceRequests(fastify: FastifyInstance): void {
  const spans = new WeakMap<FastifyRequest, RequestSpan>();
  fastify.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url;
    if (route === undefined || !TRACED.test(route)) return done();
    const caller = propagation.extract(ROOT_CONTEXT, request.headers);
    const span = tracer().startSpan(
      `${request.method} ${route}`,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': request.method, 'http.route': route } },
      caller,
    );
    const around = trace.setSpan(caller, span);
    spans.set(request, { span, around });
    // Fastify says nothing of answers that nobody waits for any more.
    reply.raw.once('close', () => {
      if (reply.raw.writableFinished || isStream(reply)) return;
      span.setStatus({ code: SpanStatusCode.ERROR, message: 'The client gave up.' });
      span.end();
    });
    return context.with(around, done);
  });
  // What reads a body goes on outside of the context that it began in.
  fastify.addHook('preHandler', (request, _reply, done) => {
    const found = spans.get(request);
    if (found === undefined) done();
    else context.with(found.around, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request)?.span;
    if (span !== undefined && !isStream(reply)) {
      span.setAttribute('http.response.status_code', reply.statusCode);
      if (reply.statusCode >= FAILED) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    }
    done();
  });
}

/** It is over when somebody leaves, which is no measure of anything: its span is never told. */
function isStream(reply: FastifyReply): boolean {
  return String(reply.raw.getHeader('content-type')).startsWith(STREAM);
}
