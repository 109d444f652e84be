import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answer, verify, WebhookReceiver } from '../../test/clients/webhook-receiver.js';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { WebhookSender } from '../platform/webhooks/webhook-sender.adapter.js';
import { createSecret } from '../platform/webhooks/webhook-signature.provider.js';
import type { GateAnswer } from './gate-caller.js';
import { WebhookGateAdapter } from './webhook-gate.adapter.js';

const secrets = [createSecret(), createSecret()];
// Receivers compare with a clock of their own.
const clock = new FakeClock(new Date().toISOString());
const body = { rolloutId: 'r', stepIndex: 1, results: [] };

describe('a webhook gate', () => {
  let gate: WebhookReceiver;
  beforeEach(async () => {
    gate = await WebhookReceiver.listen();
  });
  afterEach(() => gate.close());

  const ask = (
    more: { url?: string; timeoutMs?: number } = {},
    isPrivate = true,
    by = secrets,
  ): Promise<GateAnswer> => {
    const sender = new WebhookSender({ allowPrivate: isPrivate, timeoutMs: 5_000 });
    const question = { id: 'gate_r_1_0', url: gate.url('/'), timeoutMs: 5_000, body, ...more };
    return new WebhookGateAdapter(sender, { secrets: by }, clock).ask(question);
  };

  it.each([200, 201, 204])('agrees with %i', async (status) => {
    gate.play('/', answer(status));
    expect(await ask()).toEqual({ kind: 'agrees' });
  });

  it.each([302, 400, 404, 409, 500, 503])('waits after %i, and says so', async (status) => {
    gate.play('/', answer(status, { location: gate.url('/yes') }));
    expect(await ask()).toEqual({ kind: 'waits', sentence: `It answered ${status}.` });
    expect(gate.at('/yes')).toEqual([]);
  });

  it('is asked as Standard Webhooks are sent, by each secret while one follows the other', async () => {
    await ask();
    await ask();
    const [first, again] = gate.at('/');
    if (first === undefined || again === undefined) throw new Error('The gate was not asked twice.');
    for (const secret of secrets) expect(verify(first, secret)).toEqual(body);
    expect(() => verify(first, createSecret())).toThrow();
    expect([first.headers['webhook-id'], again.headers['webhook-id']]).toEqual(['gate_r_1_0', 'gate_r_1_0']);
    expect(first.headers['content-type']).toContain('application/json');
  });

  it('is not signed without a secret', async () => {
    await ask({}, true, []);
    expect(gate.at('/')[0]?.headers).not.toHaveProperty('webhook-signature');
  });

  it('is waited for no longer than it may take', async () => {
    gate.play('/', () => undefined);
    const sentence = 'The receiver did not answer within 100 ms.';
    expect(await ask({ timeoutMs: 100 })).toEqual({ kind: 'waits', sentence });
  });

  it('that goes on talking is not listened to', async () => {
    const closed = new Promise((resolve) => {
      gate.play('/', (response) => {
        response.writeHead(200).on('close', resolve);
        const talk = (): void => {
          while (response.write(Buffer.alloc(16 * 1024)));
          response.once('drain', talk);
        };
        talk();
      });
    });
    expect(await ask()).toEqual({ kind: 'agrees' });
    await closed;
  });

  it.each([
    ['where clouds keep credentials', 'http://169.254.169.254/latest/meta-data/', true, /link-local/u],
    ['to private addresses where they are refused', undefined, false, /private/u],
    ['to names that lead there', 'http://localhost:9/', false, /private/u],
  ])('never goes %s', async (_where, url, isPrivate, said) => {
    const refused = await ask(url === undefined ? {} : { url }, isPrivate);
    expect(refused).toMatchObject({ kind: 'waits', sentence: expect.stringMatching(said) });
    expect(gate.received).toEqual([]);
  });
});
