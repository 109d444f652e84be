import { createHash } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { plainText } from '../../kernel/plain-text.js';
import type { Node } from '../../platform/grpc/generated/envoy/config/core/v3/core_pb.js';
import {
  AggregatedDiscoveryService,
  type DiscoveryRequest,
  type DiscoveryResponseSchema,
} from '../../platform/grpc/generated/envoy/service/discovery/v3/ads_pb.js';
import { failStream } from '../../platform/grpc/grpc-calls.js';
import { GrpcServices } from '../../platform/grpc/grpc-services.js';
import { grpcService } from '../../platform/grpc/service-definition.js';
import { serveAdmitted } from './admitted-stream.adapter.js';
import { type DiscoveryAnswer, DiscoverySession } from './discovery-session.js';
import { type XdsAccess, XdsAccesses } from './xds-access.provider.js';
import type { PlacedSnapshot } from './xds-catalog.service.js';
import { type XdsClient, XdsClients } from './xds-clients.service.js';

type Answer = MessageInitShape<typeof DiscoveryResponseSchema>;
type Stream = ServerDuplexStream<DiscoveryRequest, Answer>;

/** Of what clients say in their own words: it is logged, stored and shown. */
const MAX_WORDS = 200;

/** envoy.service.discovery.v3, state of the world: what Envoy and clients of gRPC ask where requests go. */
@Injectable()
export class Discovery implements OnModuleInit {
  private readonly logger = new Logger('Xds');

  constructor(
    private readonly services: GrpcServices,
    private readonly accesses: XdsAccesses,
    private readonly clients: XdsClients,
  ) {}

  onModuleInit(): void {
    this.services.add(
      grpcService(AggregatedDiscoveryService, { streamAggregatedResources: (stream) => this.open(stream) }),
    );
  }

  private open(stream: Stream): void {
    let client: XdsClient | undefined;
    serveAdmitted<DiscoveryRequest, Answer>(stream, {
      logger: this.logger,
      accesses: this.accesses,
      begin: (access, { node }) => {
        client = clientOf(stream, access, node, this.logger);
        this.clients.add(client);
      },
      take: (request) => {
        if (client !== undefined) this.take(client, request);
      },
      end: () => {
        if (client !== undefined) this.clients.remove(client);
      },
    });
  }

  private take(client: XdsClient, { typeUrl, resourceNames, responseNonce, errorDetail }: DiscoveryRequest): void {
    const refusal = errorDetail && plainText(errorDetail.message, MAX_WORDS);
    const complaint = client.session.take({ typeUrl, resourceNames, responseNonce, refusal });
    if (complaint !== undefined) {
      const facts = { node: client.node, ...complaint };
      this.logger.warn(facts, 'An xDS client refuses what it was told, and keeps what it had.');
    }
    this.clients.hear(client);
  }
}

function clientOf(stream: Stream, access: XdsAccess, node: Node | undefined, logger: Logger): XdsClient {
  const { maySee, isBelieved } = access;
  const session = new DiscoverySession();
  const tell = (catalog: readonly PlacedSnapshot[]): void => {
    // Who has not taken what it was told last is told the newest when it has.
    if (stream.destroyed || stream.writableLength > 0) return;
    const seen = catalog.filter(maySee).map(({ snapshot }) => snapshot);
    const revision = seen.reduce((sum, { version }) => sum + version, 0);
    for (const answer of session.answers(seen)) stream.write(toMessage(answer, revision));
  };
  return {
    node: plainText(node?.id ?? '', MAX_WORDS),
    session,
    maySee,
    isBelieved,
    tell,
    end: (error) => failStream(stream, error, logger),
  };
}

/** Versions grow with every shift of a route that the client may see, and are the same at every replica. */
function toMessage({ type, nonce, resources }: DiscoveryAnswer, revision: number): Answer {
  const content = resources.map(({ name, digest }) => `${name} ${digest}\n`).join('');
  return {
    typeUrl: type,
    nonce,
    versionInfo: `${revision}.${createHash('sha256').update(content).digest('hex').slice(0, 12)}`,
    resources: resources.map(({ value }) => ({ typeUrl: type, value })),
    controlPlane: { identifier: 'sluice' },
  };
}
