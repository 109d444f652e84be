import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from '@jest/globals';
import { freePort } from '../clients/free-port.js';

const READY_MS = 30_000;
const POLL_MS = 50;

/** A real Prometheus that scrapes one target, on a loopback port and in a folder of its own. */
export interface PrometheusServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Runs a suite with the Prometheus whose program TEST_PROMETHEUS names, or says why it does not. */
export function onPrometheus(suite: (program: string) => void): void {
  const program = process.env['TEST_PROMETHEUS'];
  describe('with a real Prometheus', () => {
    if (program === undefined || program === '') it.skip('is skipped: TEST_PROMETHEUS is not set', () => undefined);
    else suite(program);
  });
}

/** Starts a Prometheus that scrapes `host:port` every 200 ms, and waits until it is ready. */
export async function startPrometheus(program: string, target: string): Promise<PrometheusServer> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-prometheus-'));
  const config = join(directory, 'prometheus.yml');
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: '200ms', scrape_timeout: '200ms' },
      scrape_configs: [{ job_name: 'shop', static_configs: [{ targets: [target] }] }],
    }),
  );
  const port = await freePort();
  const child = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => void (log = (log + chunk.toString()).slice(-4_000)));
  child.on('error', (error) => void (log += error.message));
  const close = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(directory, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + READY_MS;
  while (!(await isReady(url))) {
    if (child.pid === undefined || child.exitCode !== null || Date.now() > deadline) {
      await close();
      throw new Error(`${program} did not come up:\n${log}`);
    }
    await sleep(POLL_MS);
  }
  return { url, close };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/-/ready`)).ok;
  } catch {
    return false; // not listening yet
  }
}
