import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';
import { open } from './raw-http.js';
import { json, type SeenRequest, startService } from './start-service.js';

const MAIN = fileURLToPath(new URL('../bin/sluice-shadow.js', import.meta.url));

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The built program, as it runs. */
class Running {
  out = '';
  err = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [MAIN, ...words], { env });
    child.stdout.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
    this.child = child;
    this.ended = once(child, 'close').then(([code]) => code as number | null); // Node's contract of "close"
    closing.push(async () => {
      child.kill('SIGKILL');
      await this.ended;
    });
  }

  async said(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.err);
      if (match !== null) return match;
      if (this.child.exitCode !== null || this.child.stderr === null) throw new Error(`It ended: ${this.err}`);
      await once(this.child.stderr, 'data');
    }
  }
}

it('tells everything that is wrong with what was typed, and ends with 2', async () => {
  const running = new Running(['--primary', 'x', '--nonsense']);
  expect(await running.ended).toBe(2);
  expect(running.err.trim().split('\n')).toHaveLength(6);
  expect(running.out).toBe('');
});

it('tells its help and its version', async () => {
  const [help, version] = [new Running(['--help']), new Running(['--version'])];
  expect([await help.ended, await version.ended]).toEqual([0, 0]);
  expect(help.out).toContain('--primary URL');
  expect(version.out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('finishes what is under way when it is asked to end, and reports what it saw', async () => {
  let [release, held] = [(): void => undefined, false];
  const service = await startService(({ path, headers }: SeenRequest, response) => {
    if (path !== '/slow' || headers['sluice-shadow'] !== undefined) return json(response, { path });
    held = true;
    release = () => json(response, { path });
  });
  closing.push(() => service.close());
  const url = service.url.href;
  const running = new Running([], {
    ...{ SLUICE_SHADOW_PRIMARY: url, SLUICE_SHADOW_CANDIDATE: url, SLUICE_SHADOW_SHARE: '100' },
    ...{ SLUICE_SHADOW_RUN: 'orders', SLUICE_SHADOW_LISTEN: '127.0.0.1:0', SLUICE_SHADOW_ADMIN: '127.0.0.1:0' },
  });
  const [, proxy = ''] = await running.said(/Listening at (http:\/\/[\d.:]+)/);
  const [, admin = ''] = await running.said(/health at (http:\/\/[\d.:]+)/);
  const health = async (): Promise<Response> => fetch(`${admin}/__sluice/health`);
  expect(await (await fetch(`${proxy}/quick`)).json()).toEqual({ path: '/quick' });
  const caller = open(proxy);
  let heard = '';
  caller.on('data', (chunk) => (heard += chunk.toString('latin1')));
  caller.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
  await service.untilSeen(3);
  while (!held) await service.untilSeen(service.seen.length + 1);
  expect(await (await health()).json()).toMatchObject({ status: 'ok', run: 'orders', controlPlane: 'local' });

  running.child.kill('SIGTERM');
  await running.said(/Draining/);
  expect((await health()).status).toBe(503);
  release();
  await once(caller, 'close');
  expect(heard).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\{"path":"\/slow"\}\r\n0\r\n\r\n$/);
  expect(await running.ended).toBe(0);
  const [report] = running.out
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(report).toMatchObject({ run: 'orders', inputs: { x: 0 } });
  // A first call, before anything is compiled, may have used up the budget of the second.
  const { verdicts } = report as { readonly verdicts: { readonly match?: number; readonly shed?: number } }; // as above
  expect((verdicts.match ?? 0) + (verdicts.shed ?? 0)).toBe(2);
});

it('cannot start where somebody else listens, and says so', async () => {
  const service = await startService((_request, response) => void response.end());
  closing.push(() => service.close());
  const url = service.url.href;
  const words = ['--primary', url, '--candidate', url, '--share', '1', '--run', 'r', '--listen', service.url.host];
  const running = new Running(words);
  expect(await running.ended).toBe(1);
  expect(running.err).toContain('EADDRINUSE');
});
