/** A generator of load in a process of its own: each message is a load, which it answers with how it went. */
import { Buffer } from 'node:buffer';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { quantile } from '../measure.js';
import type { GrpcLoad, Load, LoadResult } from './load.js';
import { loadHttp } from './wrk.js';

/** One JavaScript client opens one connection, whose window would be what is measured. */
const GRPC_CONNECTIONS = 4;

process.on('disconnect', () => process.exit());
process.on('message', (load: Load) => {
  void (load.kind === 'http' ? loadHttp(load) : loadGrpc(load)).then((result) => process.send?.(result));
});
process.send?.('ready');

async function loadGrpc({ address, path, metadata, message, callers, seconds }: GrpcLoad): Promise<LoadResult> {
  const options = { 'grpc.use_local_subchannel_pool': 1 };
  const clients = Array.from(
    { length: GRPC_CONNECTIONS },
    () => new Client(address, credentials.createInsecure(), options),
  );
  const head = new Metadata();
  for (const [name, value] of Object.entries(metadata)) head.set(name, value);
  const request = Buffer.from(message, 'base64');
  const statuses: Record<string, number> = {};
  const latenciesMs: number[] = [];
  const asIs = (bytes: Buffer): Buffer => bytes;
  const ask = (client: Client): Promise<void> =>
    new Promise((resolve) => {
      const startMs = performance.now();
      client.makeUnaryRequest(path, asIs, asIs, request, head, (error) => {
        const status = String(error?.code ?? 0);
        statuses[status] = (statuses[status] ?? 0) + 1;
        latenciesMs.push(performance.now() - startMs);
        resolve();
      });
    });
  const startMs = performance.now();
  const endMs = startMs + seconds * 1_000;
  const callAgain = async (client: Client): Promise<void> => {
    while (performance.now() < endMs) await ask(client);
  };
  await Promise.all(Array.from({ length: callers }, (_, i) => callAgain(clients[i % clients.length] ?? clients[0]!))); // of four
  const tookMs = performance.now() - startMs;
  for (const client of clients) client.close();
  return {
    requests: latenciesMs.length,
    seconds: tookMs / 1_000,
    p99Ms: quantile(latenciesMs, 0.99),
    bytes: 0,
    statuses,
  };
}
