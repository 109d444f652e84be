import { once } from 'node:events';
import { Agent, createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Arm } from '../../src/traffic/traffic-router.js';
import type { Answer } from '../contracts/traffic-router-contract.js';

const PARALLEL = 16;

/** A service in two versions on the loopback interface: servers that answer with their arm, and their health. */
export interface LoopbackService {
  /** Ports per arm: two of stable, one of the candidate. */
  readonly ports: Readonly<Record<Arm, readonly number[]>>;
  setHealthy(arm: Arm, isHealthy: boolean): void;
  close(): Promise<void>;
}

export async function startLoopbackService(): Promise<LoopbackService> {
  const healthy: Record<Arm, boolean> = { stable: true, candidate: true };
  const listen = async (arm: Arm): Promise<Server> => {
    const server = createServer((request, response) => {
      response.statusCode = healthy[arm] ? 200 : 503;
      response.end(request.url === '/health' ? '' : arm);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  const stable = await Promise.all([listen('stable'), listen('stable')]);
  const candidate = [await listen('candidate')];
  return {
    ports: { stable: stable.map(portOf), candidate: candidate.map(portOf) },
    setHealthy: (arm, isHealthy) => void (healthy[arm] = isHealthy),
    close: async () => {
      for (const server of [...stable, ...candidate]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

/** Sends one request per key over few connections, and answers who answered. */
export async function sendThrough(port: number, keys: readonly (string | undefined)[]): Promise<readonly Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
  try {
    const answers: Answer[] = [];
    const entries = keys.entries();
    const sendSome = async (): Promise<void> => {
      for (const [index, key] of entries) answers[index] = await send(port, agent, key);
    };
    await Promise.all(Array.from({ length: PARALLEL }, sendSome));
    return answers;
  } finally {
    agent.destroy();
  }
}

function send(port: number, agent: Agent, key: string | undefined): Promise<Answer> {
  const headers = key === undefined ? {} : { 'x-sluice-key': key };
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, agent, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve(body === 'stable' || body === 'candidate' ? body : 'nobody'));
      response.on('error', reject);
    });
    // A proxy that reloads closes connections that are idle; a request on its way on one is sent again, as browsers do.
    request.on('error', (error) => {
      if (request.reusedSocket && isClosed(error)) send(port, agent, key).then(resolve, reject);
      else reject(error);
    });
  });
}

function isClosed(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // a TCP server that listens has an address
}
