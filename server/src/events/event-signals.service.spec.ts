import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeBus } from '../../test/fakes/fake-bus.js';
import { EVENT_APPENDED } from './event-appended.js';
import { EventSignals } from './event-signals.service.js';

const LONG_MS = 60_000;
let bus: FakeBus;
let signals: EventSignals;

beforeEach(() => {
  bus = new FakeBus();
  signals = new EventSignals(bus);
  signals.onApplicationBootstrap();
});

const happens = (subject: string, projectId = 'shop') =>
  bus.publish(EVENT_APPENDED, {
    sequence: 1,
    projectId,
    environmentId: null,
    type: 'dev.sluice.release.started',
    subject,
    data: {},
    at: '2026-11-21T12:00:00.000Z',
  });

describe('EventSignals', () => {
  it('wakes all after a gap, for nobody knows what happened in it', async () => {
    const waits = ['shop', 'bank'].map((projectId) => signals.next({ projectId }, { timeoutMs: LONG_MS }));
    bus.cut();
    bus.join();
    expect(await Promise.all(waits)).toEqual(['appended', 'appended']);
  });

  it('wakes all who wait for a project, and for a subject of it', async () => {
    const waits = [
      signals.next({ projectId: 'shop' }, { timeoutMs: LONG_MS }),
      signals.next({ projectId: 'shop', subjectPrefix: 'release/1' }, { timeoutMs: LONG_MS }),
    ];
    await happens('release/1');
    expect(await Promise.all(waits)).toEqual(['appended', 'appended']);
  });

  it('lets those wait on who wait for something else', async () => {
    const end = new AbortController();
    const waits = [
      signals.next({ projectId: 'bank' }, { timeoutMs: LONG_MS, signal: end.signal }),
      signals.next({ projectId: 'shop', subjectPrefix: 'release/2' }, { timeoutMs: LONG_MS, signal: end.signal }),
    ];
    await happens('release/1');
    end.abort();
    expect(await Promise.all(waits)).toEqual(['aborted', 'aborted']);
  });

  it('says when the time is over', async () => {
    expect(await signals.next({ projectId: 'shop' }, { timeoutMs: 1 })).toBe('timedOut');
  });

  it('waits for nothing once its caller has left', async () => {
    expect(await signals.next({ projectId: 'shop' }, { timeoutMs: LONG_MS, signal: AbortSignal.abort() })).toBe(
      'aborted',
    );
  });

  it('lets all go when the server stops, and none wait after', async () => {
    const wait = signals.next({ projectId: 'shop' }, { timeoutMs: LONG_MS });
    signals.beforeApplicationShutdown();
    expect(await wait).toBe('aborted');
    expect(await signals.next({ projectId: 'shop' }, { timeoutMs: LONG_MS })).toBe('aborted');
  });

  it('refuses more than it can hold', async () => {
    const end = new AbortController();
    const waits = Array.from({ length: 10_000 }, () =>
      signals.next({ projectId: 'shop' }, { timeoutMs: LONG_MS, signal: end.signal }),
    );
    await expect(signals.next({ projectId: 'shop' }, { timeoutMs: LONG_MS })).rejects.toMatchObject({
      code: 'TOO_MANY_WAITING',
    });
    end.abort();
    await Promise.all(waits);
  });
});
