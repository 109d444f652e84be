import { Injectable } from '@nestjs/common';
import { Authenticator, TokenDirectory } from '../../auth/index.js';
import { covers, type Scope } from '../../kernel/scope.js';
import { type CallCredentials, callCredentials, type ShownCall } from '../../platform/grpc/call-credentials.js';
import type { Node } from '../../platform/grpc/generated/envoy/config/core/v3/core_pb.js';
import { HttpConfig } from '../../platform/config/http.js';
import { TrafficConfig } from '../../platform/config/traffic.js';
import { StreamSlots } from '../../platform/grpc/stream-slots.js';
import type { PlacedSnapshot } from './xds-catalog.service.js';

/** The field of a node's metadata with a token, for clients that can send no header (those of gRPC). */
const TOKEN_FIELD = 'sluice_token';

/** Streams whose client has not said who it is: more is somebody who only opens streams. */
const MAX_AT_DOOR = 1_000;
/** Streams of clients that show no token; each costs memory, and anybody may open them. */
const MAX_STRANGERS = 5_000;

type SeenRoute = Pick<PlacedSnapshot, 'place' | 'isOpen' | 'isOpenBelieved'>;

/** What a client may know of. */
export interface XdsAccess {
  readonly maySee: (route: SeenRoute) => boolean;
  /** Whether it is believed when it says what it took of a route, or sent there: by a token, or because the route says so. */
  readonly isBelieved: (route: SeenRoute) => boolean;
  /** For as long as its stream is open; throws `limited` when too many are that show no token. */
  readonly takeSlot: () => () => void;
  /** Calls back once when the client may no longer. Returns the way to stop watching. */
  readonly watchEnd: (onEnd: () => void) => () => void;
}

/**
 * Lets clients of xDS in: by the token of a call's `authorization`, which proxies send, or by that in their node's
 * metadata. Who shows none hears of open routes alone, if there are any. Both ways a token goes over the wire: use TLS.
 */
@Injectable()
export class XdsAccesses {
  /** For streams whose client has not been let in yet. */
  readonly door = new StreamSlots(MAX_AT_DOOR);
  private readonly strangers = new StreamSlots(MAX_STRANGERS);
  private readonly hasOpenRoutes: boolean;
  private readonly credentialsOf: (call: ShownCall) => CallCredentials;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly tokens: TokenDirectory,
    config: TrafficConfig,
    { trustedProxies }: HttpConfig,
  ) {
    this.credentialsOf = callCredentials(trustedProxies);
    this.hasOpenRoutes = config.routes.some((route) => route.router === 'xds' && route.open);
  }

  /** Whether a stream shows its token as it opens, and not by its node. */
  showsToken(call: ShownCall): boolean {
    return this.credentialsOf(call).authorization !== undefined;
  }

  /** Throws `unauthenticated`, `forbidden` and `limited` as for requests over HTTP. */
  async admit(call: ShownCall, node: Node | undefined): Promise<XdsAccess> {
    const { address, authorization = tokenOf(node) } = this.credentialsOf(call);
    if (authorization === undefined && this.hasOpenRoutes) {
      return {
        maySee: ({ isOpen }) => isOpen,
        isBelieved: ({ isOpen, isOpenBelieved }) => isOpen && isOpenBelieved,
        takeSlot: () => this.strangers.take(),
        watchEnd: () => () => undefined,
      };
    }
    const token = await this.authenticator.authorize({ authorization, address }, 'snapshot.read');
    const { projectId, environmentId } = token;
    const scope: Scope = projectId === null ? 'instance' : [{ projectId, environmentId: environmentId ?? undefined }];
    return {
      maySee: ({ place, isOpen }) => isOpen || covers(scope, place),
      isBelieved: ({ place, isOpen, isOpenBelieved }) => covers(scope, place) || (isOpen && isOpenBelieved),
      takeSlot: () => () => undefined,
      watchEnd: (onEnd) => this.tokens.watchEnd(token, onEnd),
    };
  }
}

function tokenOf(node: Node | undefined): string | undefined {
  const token = node?.metadata?.[TOKEN_FIELD];
  return typeof token === 'string' ? `Bearer ${token}` : undefined;
}
