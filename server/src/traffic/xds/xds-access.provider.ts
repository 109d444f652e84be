import { Injectable } from '@nestjs/common';
import type { Metadata } from '@grpc/grpc-js';
import { Authenticator, TokenDirectory } from '../../auth/index.js';
import { covers, type Scope } from '../../kernel/scope.js';
import type { Node } from '../../platform/grpc/generated/envoy/config/core/v3/core_pb.js';
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

  constructor(
    private readonly authenticator: Authenticator,
    private readonly tokens: TokenDirectory,
    config: TrafficConfig,
  ) {
    this.hasOpenRoutes = config.routes.some((route) => route.router === 'xds' && route.open);
  }

  /** Throws `unauthenticated`, `forbidden` and `limited` as for requests over HTTP. */
  async admit(metadata: Metadata, peer: string, node: Node | undefined): Promise<XdsAccess> {
    const authorization = metadata.get('authorization')[0]?.toString() ?? tokenOf(node);
    if (authorization === undefined && this.hasOpenRoutes) {
      return { maySee: ({ isOpen }) => isOpen, watchEnd: () => () => undefined };
    }
    const address = peer.replace(/:\d+$/u, '');
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
