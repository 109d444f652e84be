import { describe, expect, it } from '@jest/globals';
import { openingEvent, refetchEvent } from './ofrep-event.js';

const since = new Date('2026-11-21T10:00:00.700Z');
const current = { position: '7.abc', since };
const soon = new Date(since.getTime() + 60_000);
const late = new Date(since.getTime() + 600_000);

describe('OFREP events', () => {
  it('name the configuration with its moment in whole seconds', () => {
    expect(refetchEvent(current)).toBe(
      'event: message\nid: 7.abc\ndata: {"type":"refetchEvaluation","etag":"7.abc","lastModified":1795255200}\n\n',
    );
  });

  it.each<[string, string | undefined, Date, string]>([
    ['a new client, long after the last change, is current', undefined, late, 'connected'],
    ['a new client, soon after a change, may have missed it', undefined, soon, 'refetchEvaluation'],
    ['a client that resumes at the current position is current', '7.abc', soon, 'connected'],
    ['a client that resumes elsewhere is told', '6.xyz', late, 'refetchEvaluation'],
  ])('%s', (_name, lastEventId, now, type) => {
    const event = openingEvent(current, lastEventId, now);
    expect(event).toContain(`"type":"${type}"`);
    expect(event).toContain('\nid: 7.abc\n');
  });
});
