import { EventEmitter, once } from 'node:events';
import { type DescMethod, type DescService, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import {
  type ChannelCredentials,
  Client,
  type ClientReadableStream,
  credentials as channelCredentials,
  Metadata,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js';
import { toServiceDefinition } from '../../src/platform/grpc/service-definition.js';

type Methods<Service extends DescService> = Service['method'];
type Of<Method extends DescMethod, Side extends 'input' | 'output'> = MessageShape<Method[Side]>;

/** A client of one generated service, with nothing between a test and gRPC. */
export class GrpcClient<Service extends DescService> {
  private readonly client: Client;
  private readonly definition;

  constructor(
    service: Service,
    address: string,
    private readonly headers: Readonly<Record<string, string>> = {},
    credentials: ChannelCredentials = channelCredentials.createInsecure(),
  ) {
    this.definition = toServiceDefinition(service);
    this.client = new Client(address, credentials);
  }

  /** Asks once; rejects with gRPC's ServiceError. */
  ask<Name extends keyof Methods<Service> & string>(
    name: Name,
    request: MessageInitShape<Methods<Service>[Name]['input']>,
  ): Promise<Of<Methods<Service>[Name], 'output'>> {
    const { path, requestSerialize, responseDeserialize } = this.methodOf(name);
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: unknown): void =>
        // The definition deserialises to this method's own message.
        error === null ? resolve(answer as Of<Methods<Service>[Name], 'output'>) : reject(error);
      this.client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, this.metadata(), done);
    });
  }

  /** Opens a stream of answers to one request. */
  follow<Name extends keyof Methods<Service> & string>(
    name: Name,
    request: MessageInitShape<Methods<Service>[Name]['input']>,
  ): Followed<Of<Methods<Service>[Name], 'output'>> {
    const { path, requestSerialize, responseDeserialize } = this.methodOf(name);
    return new Followed(
      this.client.makeServerStreamRequest(
        path,
        requestSerialize,
        // Of this method's own message.
        responseDeserialize as (bytes: Buffer) => Of<Methods<Service>[Name], 'output'>,
        request,
        this.metadata(),
      ),
    );
  }

  close(): void {
    this.client.close();
  }

  private methodOf(name: string): (typeof this.definition)[string] {
    const method = this.definition[name];
    if (method === undefined) throw new Error(`The service has no method ${name}.`);
    return method;
  }

  private metadata(): Metadata {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(this.headers)) metadata.set(name, value);
    return metadata;
  }
}

/** A stream of answers, read one by one. */
class Followed<Answer> {
  private readonly answers: Answer[] = [];
  private readonly status: Promise<number>;
  private readonly arrivals = new EventEmitter();
  private code: number | undefined;

  constructor(readonly call: ClientReadableStream<Answer>) {
    call.on('data', (answer: Answer) => {
      this.answers.push(answer);
      this.arrivals.emit('news');
    });
    // The status says as much.
    call.on('error', () => undefined);
    this.status = new Promise((resolve) => call.on('status', ({ code }: StatusObject) => resolve(code)));
    void this.status.then((code) => {
      this.code = code;
      this.arrivals.emit('news');
    });
  }

  /** The next answer; rejects when the stream has ended. */
  async next(): Promise<Answer> {
    while (this.answers.length === 0 && this.code === undefined) await once(this.arrivals, 'news');
    const answer = this.answers.shift();
    if (answer === undefined) throw new Error(`The stream has ended with status ${String(this.code)}.`);
    return answer;
  }

  /** The status that the stream ends with, whatever it says before. */
  ended(): Promise<number> {
    return this.status;
  }
}
