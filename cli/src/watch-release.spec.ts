import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { aRelease } from '../test/a-release.js';
import { aScreen } from '../test/a-screen.js';
import { type Asked, startStubServer, type StubServer } from '../test/stub-server.js';
import { runCommand } from './run-command.js';

let server: StubServer;
afterEach(() => server.close());

const RELEASE = aRelease();
const json = (response: ServerResponse, body: object): unknown => response.end(JSON.stringify(body));

/** Watches a release whose looks are answered as told, with one project and a stream that is handed over. */
async function watch(
  look: (response: ServerResponse, count: number) => void,
  onStream: (response: ServerResponse) => void,
): Promise<{ exitCode: number; text: string }> {
  let looks = 0;
  server = await startStubServer(({ url }: Asked, response) => {
    if (url.includes('/events')) onStream(response.writeHead(200, { 'content-type': 'text/event-stream' }));
    else if (url.includes('/projects'))
      json(response, { items: [{ id: RELEASE.projectId, key: 'shop' }], nextCursor: null });
    else look(response, (looks += 1));
  });
  const { terminal, text } = aScreen();
  const exitCode = await runCommand(['watch', RELEASE.id, '--url', server.url, '--token', 'slu_ci_x'], terminal);
  return { exitCode, text: text() };
}

describe('watching a release', () => {
  it('looks at once when an event says that something happened', async () => {
    let toldAt = Number.NaN;
    let lookedAt = Number.NaN;
    const { exitCode } = await watch(
      (response, count) => {
        if (count === 2) lookedAt = performance.now();
        json(response, aRelease({ status: count === 1 ? 'running' : 'released' }));
      },
      (response) => {
        toldAt = performance.now();
        response.write('id: 1\ndata: {}\n\n');
      },
    );
    expect(exitCode).toBe(0);
    // Looking by itself takes two seconds.
    expect(lookedAt - toldAt).toBeLessThan(1_500);
  });

  it('shows what it knew while Sluice is away, and goes on by itself without a stream', async () => {
    const { exitCode, text } = await watch(
      (response, count) => {
        if (count === 2) response.destroy();
        else json(response, aRelease({ status: count === 1 ? 'running' : 'superseded' }));
      },
      (response) => response.destroy(),
    );
    expect(exitCode).toBe(7);
    const [first, lost, last] = text.split(/\u001b\[\d+A\u001b\[J/u);
    expect(first).toContain('● running');
    expect(lost).toMatch(/● running[^]*Sluice could not be asked/u);
    expect(last).toContain('● superseded');
  });
});
