import { toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import {
  Server,
  ServerCredentials,
  setLogger,
  type ServerDuplexStream,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { GrpcConfig, type GrpcTls } from '../config/grpc.js';
import { settledWithin } from '../jobs/settled-within.js';
import { Drain, type Farewell, shuttingDown } from '../shutdown/drain.service.js';
import { patienceLeftMs } from '../shutdown/shutdown-deadline.js';
import { failStream } from './grpc-calls.js';
import { GrpcMetrics } from './grpc-metrics.provider.js';
import { GrpcServices } from './grpc-services.js';
import type { GrpcService } from './service-definition.js';
import { StreamSlots } from './stream-slots.js';

const OPTIONS = {
  // As much as the HTTP port takes of one request.
  'grpc.max_receive_message_length': 2 * 1024 * 1024,
  // A client without streams may ping as often as flagd's do; one that has gone is found out within a minute.
  'grpc.keepalive_time_ms': 40_000,
  'grpc.keepalive_timeout_ms': 20_000,
  // Per connection; a proxy that has more to ask opens another one.
  'grpc.max_concurrent_streams': 1_000,
};

/** Of those that anybody may open, to watch health or to ask what there is. */
const MAX_PUBLIC_STREAMS = 1_000;

/** What is still open on a connection long after it was drained ends when the server is closed. */
const GRACE_MS = 3_600_000;

type AnsweringCall = ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>;

/** The gRPC port: the services that modules have added, with reflection over all of them. */
@Injectable()
export class GrpcServer implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Grpc');
  private readonly openStreams = new Set<AnsweringCall>();
  private readonly publicSlots = new StreamSlots(MAX_PUBLIC_STREAMS);
  private server: Server | undefined;

  constructor(
    private readonly config: GrpcConfig,
    private readonly services: GrpcServices,
    private readonly drain: Drain,
    private readonly metrics: GrpcMetrics,
  ) {}

  /** Opens the port; answers where it listens, as `host:port`. Throws an Error that says what to do. */
  async listen(): Promise<string> {
    const { host, port, tls } = this.config;
    const credentials = tls === undefined ? ServerCredentials.createInsecure() : credentialsOf(tls);
    const server = new Server({ ...OPTIONS, interceptors: [this.metrics.interceptor] });
    this.server = server;
    const tell = (...words: unknown[]): void => this.logger.debug(words.join(' '));
    // What it says by itself it also answers.
    setLogger({ error: tell, info: tell, debug: tell });
    const services = this.services.list();
    for (const { definition, implementation, isPublic } of services) {
      server.addService(definition, this.tracked(definition, implementation, isPublic));
    }
    new ReflectionService(reflected(services)).addToServer({
      addService: (definition: ServiceDefinition, implementation: UntypedServiceImplementation) =>
        server.addService(definition, this.tracked(definition, implementation, true)),
    });

    const address = host.includes(':') ? `[${host}]` : host;
    const bound = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`${address}:${port}`, credentials, (error, boundPort) => {
        if (error === null) resolve(boundPort);
        else
          reject(new Error(`SLUICE_GRPC_HOST ${host} and SLUICE_GRPC_PORT ${port} cannot be used.`, { cause: error }));
      });
    });
    this.drain.lookAfter(() => this.farewells(server, `${address}:${bound}`));
    this.logger.log(`Listening on ${address}:${bound}`);
    return `${address}:${bound}`;
  }

  /** Ends all streams, lets the other calls end, and cuts off what has not ended in good time. */
  async beforeApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.tryShutdown(resolve));
    for (const stream of this.openStreams) failStream(stream, shuttingDown(), this.logger);
    await settledWithin(closed, patienceLeftMs());
    server.forceShutdown();
  }

  /** Clients make new connections from now on, which load balancers take to other servers; then their streams end. */
  private farewells(server: Server, address: string): readonly Farewell[] {
    server.drain(address, GRACE_MS);
    return [...this.openStreams].map((stream) => () => failStream(stream, shuttingDown(), this.logger));
  }

  /** The implementation with an eye on its streams, which nothing but a shutdown would end. */
  private tracked(
    definition: ServiceDefinition,
    implementation: UntypedServiceImplementation,
    isPublic = false,
  ): UntypedServiceImplementation {
    const track =
      (handle: UntypedHandleCall): UntypedHandleCall =>
      (call: AnsweringCall) => {
        this.openStreams.add(call);
        call.once('close', () => this.openStreams.delete(call));
        try {
          if (isPublic) call.once('close', this.publicSlots.take());
        } catch (error) {
          return failStream(call, error, this.logger);
        }
        // A method that streams its answer has a handler of the call alone.
        (handle as (call: AnsweringCall) => void)(call);
      };
    return Object.fromEntries(
      Object.entries(definition).flatMap(([name, { responseStream }]) => {
        const handle = implementation[name];
        return handle === undefined ? [] : [[name, responseStream ? track(handle) : handle]];
      }),
    );
  }
}

function credentialsOf({ cert, key }: GrpcTls): ServerCredentials {
  return ServerCredentials.createSsl(null, [{ cert_chain: cert, private_key: key }]);
}

/** The files of all services and of what they import, in the shape that the reflection service takes. */
function reflected(services: readonly GrpcService[]): ConstructorParameters<typeof ReflectionService>[0] {
  const files = new Map<string, Buffer>();
  const collect = (file: GrpcService['file']): void => {
    if (files.has(file.proto.name)) return;
    files.set(file.proto.name, Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)));
    file.dependencies.forEach(collect);
  };
  services.forEach(({ file }) => collect(file));
  return {
    sluice: { format: 'Protocol Buffer 3 DescriptorProto', type: {}, fileDescriptorProtos: [...files.values()] },
  };
}
