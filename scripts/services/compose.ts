import { join } from 'node:path';
import { run } from '../run-command.ts';
import type { Service } from './service.ts';

const engineTimeoutMs = 5_000;
const project = ['compose', '-p', `sluice-test-${String(process.pid)}`, '-f', join(import.meta.dirname, 'compose.yml')];

/** Whether a container engine answers, not merely whether its client is installed. */
export async function hasContainerEngine(): Promise<boolean> {
  const { exitCode } = await run('docker', ['info'], { isQuiet: true, timeoutMs: engineTimeoutMs });
  return exitCode === 0 && (await run('docker', ['compose', 'version'], { isQuiet: true })).exitCode === 0;
}

export async function startComposed(service: 'postgres' | 'redis'): Promise<Service> {
  const stop = async (): Promise<void> => void (await run('docker', [...project, 'down', '-v'], { isQuiet: true }));
  const up = await run('docker', [...project, 'up', '-d', '--wait', service], { isQuiet: true });
  if (up.exitCode !== 0) {
    await stop();
    throw new Error(`docker compose could not start ${service}:\n${up.output}`);
  }
  const inside = service === 'postgres' ? '5432' : '6379';
  const address = (await run('docker', [...project, 'port', service, inside], { isQuiet: true })).stdout.trim();
  const url = service === 'postgres' ? `postgresql://postgres@${address}/sluice_test` : `redis://${address}`;
  return { url, stop };
}
