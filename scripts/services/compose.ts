import { join } from 'node:path';
import { run, type RunResult } from '../run-command.ts';
import type { Service } from './service.ts';

const engineTimeoutMs = 5_000;
const project = ['compose', '-p', `sluice-test-${String(process.pid)}`, '-f', join(import.meta.dirname, 'compose.yml')];

/** Whether a container engine answers, not merely whether its client is installed. */
export async function hasContainerEngine(): Promise<boolean> {
  const { exitCode } = await run('docker', ['info'], { isQuiet: true, timeoutMs: engineTimeoutMs });
  return exitCode === 0 && (await run('docker', ['compose', 'version'], { isQuiet: true })).exitCode === 0;
}

/** Runs docker compose on this run's own project. */
export function compose(...args: readonly string[]): Promise<RunResult> {
  return run('docker', [...project, ...args], { isQuiet: true });
}

export async function startComposed(service: 'postgres' | 'redis'): Promise<Service> {
  const stop = async (): Promise<void> => void (await compose('down', '-v'));
  const up = await compose('up', '-d', '--wait', service);
  if (up.exitCode !== 0) {
    await stop();
    throw new Error(`docker compose could not start ${service}:\n${up.output}`);
  }
  const inside = service === 'postgres' ? '5432' : '6379';
  const address = (await compose('port', service, inside)).stdout.trim();
  const url = service === 'postgres' ? `postgresql://postgres@${address}/sluice_test` : `redis://${address}`;
  return { address: url, stop };
}
