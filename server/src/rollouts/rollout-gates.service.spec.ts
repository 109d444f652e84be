import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import { aRamp, aRollout } from '../../test/builders/a-rollout.js';
import { answer, WebhookReceiver } from '../../test/clients/webhook-receiver.js';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { WebhookSender } from '../platform/webhooks/webhook-sender.adapter.js';
import { Inquiries } from './inquiries.service.js';
import { RolloutGates } from './rollout-gates.service.js';
import { WebhookGateAdapter } from './webhook-gate.adapter.js';

const START = new Date('2026-01-01T00:00:00.000Z');
const warnings: unknown[] = [];
let gate: WebhookReceiver;
let gates: RolloutGates;

beforeEach(async () => {
  const quiet = (): void => undefined;
  const warn = (said: unknown): void => void warnings.push(said);
  warnings.length = 0;
  Logger.overrideLogger({ log: quiet, error: quiet, warn, debug: quiet, verbose: quiet });
  gate = await WebhookReceiver.listen();
  const sender = new WebhookSender({ allowPrivate: true, timeoutMs: 5_000 });
  gates = new RolloutGates(new Inquiries(), new WebhookGateAdapter(sender, { secrets: [] }, new FakeClock()));
});
afterEach(async () => {
  Logger.overrideLogger(false);
  await gate.close();
});

function ask(seconds: number, openGates: readonly number[] = []): Promise<readonly number[]> {
  const asked = { kind: 'webhook', url: gate.url('/'), timeoutMs: 5_000 } as const;
  const steps = [{ share: 10_000, holdSeconds: 60, minimumUnits: 0, gates: [asked] }];
  const rollout = aRollout({ policy: aPolicyDocument({ steps }), ramp: aRamp({ openGates }) });
  const look = { rollout, now: new Date(START.getTime() + seconds * 1_000), freeze: undefined };
  // Of a look and of what was judged, gates look at no more.
  return gates.ask(
    look as Parameters<RolloutGates['ask']>[0],
    { results: [] } as unknown as Parameters<RolloutGates['ask']>[1],
  );
}

it('asks once the hold is over, until it agrees, and then no more', async () => {
  expect(await ask(59)).toEqual([]);
  expect(gate.received).toEqual([]);
  gate.play('/', answer(503));
  expect(await ask(60)).toEqual([]);
  gate.play('/', answer(200));
  expect(await ask(70)).toEqual([0]);
  expect(await ask(80, [0])).toEqual([0]);
  expect(gate.received).toHaveLength(2);
  expect(JSON.parse(gate.received[0]?.body ?? '')).toMatchObject({ stepIndex: 0, share: 10_000, results: [] });
});

it('logs what a gate says when it says something else, not at every look', async () => {
  gate.play('/', answer(503));
  for (let look = 0; look < 5; look += 1) await ask(60 + look);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('does not agree, and its rollout waits: It answered 503.');
  gate.play('/', answer(404));
  for (let look = 0; look < 5; look += 1) await ask(70 + look);
  expect(warnings).toHaveLength(2);
});
