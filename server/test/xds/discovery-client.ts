import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type ClientDuplexStream,
  credentials,
  makeGenericClientConstructor,
  Metadata,
  type StatusObject,
} from '@grpc/grpc-js';
import {
  AggregatedDiscoveryService,
  type DiscoveryRequest,
  DiscoveryRequestSchema,
  type DiscoveryResponse,
} from '../../src/platform/grpc/generated/envoy/service/discovery/v3/ads_pb.js';
import { toServiceDefinition } from '../../src/platform/grpc/service-definition.js';

type Request = Exclude<MessageInitShape<typeof DiscoveryRequestSchema>, DiscoveryRequest>;

/** A client of discovery that says what a test has it say. */
export class DiscoveryClient {
  readonly answers: DiscoveryResponse[] = [];
  /** How the stream ended. */
  readonly status: Promise<StatusObject>;
  private readonly stream: ClientDuplexStream<DiscoveryRequest, DiscoveryResponse>;
  private readonly client: InstanceType<ReturnType<typeof makeGenericClientConstructor>>;

  constructor(address: string, { token }: { readonly token?: string } = {}) {
    const Client = makeGenericClientConstructor(toServiceDefinition(AggregatedDiscoveryService), 'Discovery');
    this.client = new Client(address, credentials.createInsecure());
    const metadata = new Metadata();
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
    // The definition has this method, of this kind.
    const open = this.client['streamAggregatedResources'] as (
      metadata: Metadata,
    ) => ClientDuplexStream<DiscoveryRequest, DiscoveryResponse>;
    this.stream = open.call(this.client, metadata);
    this.stream.on('data', (answer: DiscoveryResponse) => this.answers.push(answer));
    this.stream.on('error', () => undefined);
    this.status = new Promise((resolve) => this.stream.once('status', resolve));
  }

  say(request: Request): void {
    this.stream.write(create(DiscoveryRequestSchema, { node: { id: 'a-test' }, ...request }));
  }

  /** The last answer of a type. */
  last(type: string): DiscoveryResponse | undefined {
    return this.answers.findLast(({ typeUrl }) => typeUrl === type);
  }

  close(): void {
    this.stream.cancel();
    this.client.close();
  }
}
