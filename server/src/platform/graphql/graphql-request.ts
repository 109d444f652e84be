import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { z } from 'zod';
import { invalid } from '../../kernel/errors.js';
import { parseInput } from '../../kernel/parse.js';
import type { GraphqlMedia, GraphqlRequest } from '../../transport/graphql-error.filter.js';

/** Lets a request in, or throws. */
export type Admit = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Parameters of a request (GraphQL over HTTP, 5.1); others are left for extensions of the protocol. */
const requestSchema = z.object({
  query: z.string().min(1),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});

const RESPONSE_JSON = 'application/graphql-response+json';

/**
 * What a request passes before Mercurius sees it. POST alone: what a page of another site can make a browser send is a
 * GET, or a POST of a type that is refused here. Who asks is known before the body is read.
 */
export function graphqlRouteOptions(admit: Admit): Pick<RouteOptions, 'schema' | 'preParsing' | 'preHandler'> {
  return {
    // Fastify's own schemas would make text of numbers.
    schema: {},
    preParsing: async (request, reply) => {
      if (request.method !== 'POST') {
        void reply.header('allow', 'POST');
        throw invalid('METHOD_NOT_ALLOWED', 'Send GraphQL requests with POST, as JSON.');
      }
      if (request.headers['content-type']?.startsWith('application/graphql') === true) {
        throw invalid('MEDIA_TYPE_UNSUPPORTED', 'Send JSON, with Content-Type: application/json.');
      }
      await admit(request, reply);
    },
    preHandler: (request: FastifyRequest & GraphqlRequest, reply, done) => {
      try {
        parseInput(requestSchema, request.body, 'request');
        request.graphqlMedia = mediaFor(request.headers.accept);
        void reply.type(`${request.graphqlMedia}; charset=utf-8`);
        done();
      } catch (error) {
        // parseInput throws nothing but errors.
        done(error as Error);
      }
    },
  };
}

/** The newer media type for who names it; who does not may not know it (GraphQL over HTTP, 6.1). */
function mediaFor(accept: string | undefined): GraphqlMedia {
  const named = (accept ?? '').split(',').map((each) => each.split(';').map((part) => part.trim().toLowerCase()));
  const isWanted = named.some(([type, ...parameters]) => type === RESPONSE_JSON && !parameters.includes('q=0'));
  return isWanted ? RESPONSE_JSON : 'application/json';
}
