import { Buffer } from 'node:buffer';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { ResolveStringRequestSchema, ResolveStringResponseSchema, Service } from '@sluice/server/flagd-evaluation';
import type { BenchServer } from '../bench-server.js';
import type { MeasuredServer } from './measured-server.js';
import { CONTEXT, type Route } from './routes.js';

const BARE = 'bare grpc-js';
/** On for everybody: so one can tell whether an answer is right. */
const PLAIN = 'flag-0';
/** With a rule that is not met, and a split. */
const SPLIT = 'flag-3';

type Start = (script: string, ...words: readonly string[]) => Promise<MeasuredServer>;

/** What flagd's clients ask over gRPC, beside grpc-js alone, which answers with the same bytes. Throws as `sluiceRoutes`. */
export async function grpcRoutes(server: BenchServer, token: string, start: Start): Promise<readonly Route[]> {
  const path = `/${Service.typeName}/${Service.method.resolveString.name}`;
  const metadata = { authorization: `Bearer ${token}` };
  const ask = async (key: string): Promise<Buffer> =>
    askOnce(server.grpcAddress, { path, metadata, message: requestFor(key) });
  const { value } = fromBinary(ResolveStringResponseSchema, await ask(PLAIN));
  if (value !== 'on') throw new Error(`${PLAIN} is ${value} over gRPC, not on.`);
  const answer = await ask(SPLIT);
  const bare = await start('server/bare-grpc-process.js', path, answer.toString('base64'));
  const load = { kind: 'grpc', path, metadata, message: requestFor(SPLIT).toString('base64') } as const;
  return [
    { name: BARE, server: bare, status: '0', floor: BARE, load: { ...load, address: bare.url } },
    {
      ...{ name: 'Sluice, flagd rpc, one flag', server, status: '0', floor: BARE, target: 0.5 },
      load: { ...load, address: server.grpcAddress },
    },
  ];
}

function requestFor(flagKey: string): Buffer {
  return Buffer.from(
    toBinary(ResolveStringRequestSchema, create(ResolveStringRequestSchema, { flagKey, context: CONTEXT })),
  );
}

interface Call {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly message: Buffer;
}

function askOnce(address: string, { path, metadata, message }: Call): Promise<Buffer> {
  const client = new Client(address, credentials.createInsecure());
  const head = new Metadata();
  for (const [name, value] of Object.entries(metadata)) head.set(name, value);
  const asIs = (bytes: Buffer): Buffer => bytes;
  return new Promise<Buffer>((resolve, reject) => {
    client.makeUnaryRequest(path, asIs, asIs, message, head, (error, answer) => {
      if (error !== null || answer === undefined) reject(error ?? new Error(`${path} answered nothing.`));
      else resolve(answer);
    });
  }).finally(() => client.close());
}
