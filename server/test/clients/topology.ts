import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../../scripts/topology.ts', import.meta.url));

/** Three servers behind nginx, watched by Prometheus, as `npm run topology` starts them. */
export interface Topology {
  /** Where nginx takes HTTP, and gRPC as `host:port`. */
  readonly url: string;
  readonly grpc: string;
  readonly adminToken: string;
  readonly prometheusUrl: string;
  readonly replicas: readonly { readonly pid: number; readonly http: string }[];
  close(): Promise<void>;
}

export async function startTopology(settings: Readonly<Record<string, string>> = {}): Promise<Topology> {
  // It ends by itself when its input does, so it does not outlive the tests.
  const child = spawn(process.execPath, [SCRIPT, '--json'], {
    env: { ...process.env, NODE_OPTIONS: '', ...settings },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const close = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    // The only line that it says.
    return { ...(JSON.parse(line) as Omit<Topology, 'close'>), close };
  }
  throw new Error('The topology ended before it stood; its log is above.');
}
