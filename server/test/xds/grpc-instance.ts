import { Server, ServerCredentials } from '@grpc/grpc-js';

/** An instance of a service on the loopback interface: it answers every request with its version. */
export interface GrpcInstance {
  readonly version: string;
  readonly port: number;
  /** How many requests it has answered. */
  answered(): number;
  close(): void;
}

const raw = (bytes: Buffer): Buffer => bytes;
const DEFINITION = {
  version: {
    path: '/test.Shop/Version',
    requestStream: false,
    responseStream: false,
    requestSerialize: raw,
    requestDeserialize: raw,
    responseSerialize: raw,
    responseDeserialize: raw,
  },
} as const;

export async function startGrpcInstance(version: string): Promise<GrpcInstance> {
  const server = new Server();
  let answered = 0;
  server.addService(DEFINITION, {
    version: (_call: unknown, done: (error: null, answer: Buffer) => void) => {
      answered += 1;
      done(null, Buffer.from(version));
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { version, port, answered: () => answered, close: () => server.forceShutdown() };
}
