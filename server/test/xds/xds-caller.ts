/**
 * A caller of a service in a process of its own, with the client of gRPC that learns by xDS where requests go. It is
 * started as `node xds-caller.ts <target>` with GRPC_XDS_BOOTSTRAP_CONFIG; whoever started it sends it headers, and it
 * answers what answered.
 */
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { register } from '@grpc/grpc-js-xds';

interface Work {
  readonly id: number;
  readonly requests: readonly Readonly<Record<string, string>>[];
}

const PARALLEL = 32;
const DEADLINE_MS = 20_000;

register();
const client = new Client(process.argv[2] ?? '', credentials.createInsecure());

process.on('message', ({ id, requests }: Work) => {
  void callAll(requests).then((answers) => process.send?.({ id, answers }));
});
process.send?.({ id: 0, answers: [] });

async function callAll(requests: Work['requests']): Promise<readonly string[]> {
  const answers: string[] = [];
  const entries = requests.entries();
  const callSome = async (): Promise<void> => {
    for (const [index, headers] of entries) answers[index] = await call(headers);
  };
  await Promise.all(Array.from({ length: PARALLEL }, callSome));
  return answers;
}

/** The version that answered, or what was said instead of an answer. */
function call(headers: Readonly<Record<string, string>>): Promise<string> {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      '/test.Shop/Version',
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      Buffer.alloc(0),
      metadata,
      { deadline: Date.now() + DEADLINE_MS },
      (error, answer) => resolve(error === null ? (answer?.toString() ?? '') : `error: ${error.message}`),
    );
  });
}
