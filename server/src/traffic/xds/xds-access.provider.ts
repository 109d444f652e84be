import { Injectable } from '@nestjs/common';
import { Authenticator, TokenDirectory } from '../../auth/index.js';
import { covers, type Scope } from '../../kernel/scope.js';
import { type CallCredentials, callCredentials, type ShownCall } from '../../platform/grpc/call-credentials.js';
import type { Node } from '../../platform/grpc/generated/envoy/config/core/v3/core_pb.js';
import { HttpConfig } from '../../platform/config/http.js';
import { TrafficConfig } from '../../platform/config/traffic.js';
import type { PlacedSnapshot } from './xds-catalog.service.js';

/** The field of a node's metadata with a token, for clients that can send no header (those of gRPC). */
const TOKEN_FIELD = 'sluice_token';

/** What a client may know of. */
export interface XdsAccess {
  readonly maySee: (route: Pick<PlacedSnapshot, 'place' | 'isOpen'>) => boolean;
  /** Calls back once when the client may no longer. Returns the way to stop watching. */
  readonly watchEnd: (onEnd: () => void) => () => void;
}

/**
 * Lets clients of xDS in: by the token of a call's `authorization`, which proxies send, or by that in their node's
 * metadata. Who shows none hears of open routes alone, if there are any. Both ways a token goes over the wire: use TLS.
 */
@Injectable()
export class XdsAccesses {
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

  /** Throws `unauthenticated`, `forbidden` and `limited` as for requests over HTTP. */
  async admit(call: ShownCall, node: Node | undefined): Promise<XdsAccess> {
    const { address, authorization = tokenOf(node) } = this.credentialsOf(call);
    if (authorization === undefined && this.hasOpenRoutes) {
      return { maySee: ({ isOpen }) => isOpen, watchEnd: () => () => undefined };
    }
    const token = await this.authenticator.authorize({ authorization, address }, 'snapshot.read');
    const { projectId, environmentId } = token;
    const scope: Scope = projectId === null ? 'instance' : [{ projectId, environmentId: environmentId ?? undefined }];
    return {
      maySee: ({ place, isOpen }) => isOpen || covers(scope, place),
      watchEnd: (onEnd) => this.tokens.watchEnd(token, onEnd),
    };
  }
}

function tokenOf(node: Node | undefined): string | undefined {
  const token = node?.metadata?.[TOKEN_FIELD];
  return typeof token === 'string' ? `Bearer ${token}` : undefined;
}
