import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  MethodDefinition,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import {
  create,
  type DescFile,
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';

/** A service of the gRPC port: its methods on the wire, what answers them, and the file that reflection shows. */
export interface GrpcService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
  readonly file: DescFile;
  /** Whether anybody may open its streams, and not too many of them. */
  readonly isPublic?: boolean;
}

/** The handlers of a service by the names of its methods in code; answers are plain objects of its messages' shape. */
export type GrpcHandlers<Service extends DescService> = {
  readonly [Name in keyof Service['method']]: HandlerOf<Service['method'][Name]>;
};

type HandlerOf<Method extends DescMethod> = {
  unary: handleUnaryCall<MessageShape<Method['input']>, MessageInitShape<Method['output']>>;
  server_streaming: handleServerStreamingCall<MessageShape<Method['input']>, MessageInitShape<Method['output']>>;
  client_streaming: handleClientStreamingCall<MessageShape<Method['input']>, MessageInitShape<Method['output']>>;
  bidi_streaming: handleBidiStreamingCall<MessageShape<Method['input']>, MessageInitShape<Method['output']>>;
}[Method['methodKind']];

/** Puts a generated service and its handlers together. */
export function grpcService<Service extends DescService>(
  service: Service,
  handlers: GrpcHandlers<Service>,
): GrpcService {
  return {
    definition: toServiceDefinition(service),
    // By name, as gRPC looks them up; the types above keep each with its method.
    implementation: handlers,
    file: service.file,
  };
}

/** A service whose method puts each message into bytes once, however many streams it is sent on. */
export function writtenOnce(service: GrpcService, method: string): GrpcService {
  const known = service.definition[method];
  if (known === undefined) return service;
  const bytes = new WeakMap<object, Buffer>();
  const responseSerialize = (message: object): Buffer => {
    const made = bytes.get(message) ?? known.responseSerialize(message);
    bytes.set(message, made);
    return made;
  };
  return { ...service, definition: { ...service.definition, [method]: { ...known, responseSerialize } } };
}

/** A generated service as gRPC's servers and clients know it; its methods by their names in code. */
export function toServiceDefinition(service: DescService): ServiceDefinition {
  return Object.fromEntries(service.methods.map((method) => [method.localName, toMethodDefinition(service, method)]));
}

function toMethodDefinition(service: DescService, method: DescMethod): MethodDefinition<unknown, unknown> {
  const [request, response] = [codecOf(method.input), codecOf(method.output)];
  return {
    path: `/${service.typeName}/${method.name}`,
    requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    requestSerialize: request.serialize,
    requestDeserialize: request.deserialize,
    responseSerialize: response.serialize,
    responseDeserialize: response.deserialize,
  };
}

interface Codec {
  readonly serialize: (message: unknown) => Buffer;
  readonly deserialize: (bytes: Buffer) => unknown;
}

function codecOf(schema: DescMessage): Codec {
  return {
    // Handlers and clients give what the types above ask of them; messages made before are taken as they are.
    serialize: (message) => Buffer.from(toBinary(schema, create(schema, message as MessageInitShape<DescMessage>))),
    deserialize: (bytes) => fromBinary(schema, bytes),
  };
}
