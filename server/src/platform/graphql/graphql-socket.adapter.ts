import type { ServerOptions } from 'graphql-ws';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { graphqlErrorsOf } from '../../transport/graphql-error.filter.js';
import type { SubscriptionContext } from '../../transport/subscription-context.js';
import { parseSubscription } from './parse-subscription.js';
import type { SocketDoor, SocketRequest } from './socket-door.js';
import { type Closing, CLOSINGS } from './socket-closing.js';

const MAX_SUBSCRIPTIONS = 20;
/** For a client to answer that it has heard that the socket is closed. */
const FAREWELL_MS = 1_000;

/** One open socket, and the request that opened it. */
export class GraphqlSocket {
  private stopWatching: () => void = () => undefined;
  private isClosed = false;
  private hasPonged = true;

  constructor(
    readonly raw: WebSocket,
    readonly request: SocketRequest,
    private readonly door: SocketDoor,
  ) {
    raw.on('pong', () => {
      this.hasPonged = true;
    });
    raw.once('close', () => {
      this.isClosed = true;
      this.stopWatching();
    });
  }

  /** Lets in who opened it: by the headers of its request, or by what browsers cannot put there. Throws otherwise. */
  async letIn(parameters: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { authorization } = parameters;
    if (typeof authorization === 'string') this.request.headers = { ...this.request.headers, authorization };
    await this.door.admit(this.request);
    // Who left meanwhile would be watched for ever.
    if (this.isClosed) return;
    this.stopWatching = this.door.watch(this.request, () => this.close(CLOSINGS.ended));
  }

  /** Counts a subscription as a request, with what its caller may do by now. */
  admitAgain(): Promise<void> {
    return this.door.admit(this.request);
  }

  /** Asks whether the client is there still; one that did not answer the time before is not. */
  beat(): void {
    if (!this.hasPonged) return this.raw.terminate();
    this.hasPonged = false;
    this.raw.ping();
  }

  /** Closes politely; a client that does not answer, or takes nothing, is cut off. */
  close({ code, reason }: Closing): void {
    this.raw.close(code, reason);
    setTimeout(() => this.raw.terminate(), FAREWELL_MS).unref();
  }
}

interface Extra {
  readonly socket: GraphqlSocket;
}

/** How the protocol's own server serves a schema: what it may be asked, by whom, and how it says no. */
export function protocolOptions(schema: GraphQLSchema): ServerOptions<Record<string, unknown>, Extra> {
  return {
    connectionInitWaitTimeout: 10_000,
    onConnect: async ({ extra, connectionParams }) => {
      await extra.socket.letIn(connectionParams);
    },
    onSubscribe: async ({ extra: { socket }, subscriptions }, _id, payload) => {
      if (Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS) {
        socket.close(CLOSINGS.tooManySubscriptions);
        return [new GraphQLError(CLOSINGS.tooManySubscriptions.reason)];
      }
      try {
        await socket.admitAgain();
        const parsed = await parseSubscription(schema, payload);
        return isRefused(parsed) ? parsed : { ...parsed, contextValue: contextOf(socket) };
      } catch (error) {
        return [error instanceof GraphQLError ? error : refusal(error)];
      }
    },
    onNext: ({ extra }, _id, _payload, _args, { data, errors }) =>
      errors && { ...(data === undefined ? {} : { data }), errors: wireErrors(extra.socket, errors) },
    onError: ({ extra }, _id, _payload, errors) => wireErrors(extra.socket, errors),
  };
}

function isRefused(parsed: object): parsed is readonly GraphQLError[] {
  return Array.isArray(parsed);
}

function contextOf(socket: GraphqlSocket): SubscriptionContext & object {
  return { req: socket.request, giveUp: (why) => socket.close(CLOSINGS[why]) };
}

/** An error of ours, where the protocol's server takes none but those of GraphQL. */
function refusal(error: unknown): GraphQLError {
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

/** Of the request nothing but its id is told. */
function wireErrors({ request }: GraphqlSocket, errors: readonly GraphQLError[]): readonly GraphQLFormattedError[] {
  const causes = errors.map((error) => (error.path === undefined ? (error.originalError ?? error) : error));
  return graphqlErrorsOf(causes, request as unknown as FastifyRequest);
}
