import { describe, expect, it } from '@jest/globals';
import { idNumber } from '../../test/fakes/sequential-ids.js';
import { cdEventContent, toCloudEvent } from './cloud-event.js';
import type { EventRecord } from './event-record.js';

const place = { project: 'shop', environment: 'production' };
const aRecord = (overrides: Partial<EventRecord> = {}): EventRecord => ({
  sequence: 5_000_000_000,
  id: idNumber(7),
  projectId: idNumber(1),
  environmentId: idNumber(2),
  type: 'dev.sluice.release.started',
  subject: 'release/1',
  data: { attempt: 1 },
  at: new Date('2026-01-01T00:00:00.123Z'),
  ...overrides,
});

describe('toCloudEvent', () => {
  it('says in the words of CloudEvents what happened, where and when', () => {
    expect(toCloudEvent(aRecord(), place)).toEqual({
      specversion: '1.0',
      id: idNumber(7),
      source: '/projects/shop',
      type: 'dev.sluice.release.started',
      subject: 'release/1',
      time: '2026-01-01T00:00:00.123Z',
      datacontenttype: 'application/json',
      data: { attempt: 1 },
      sluiceproject: 'shop',
      sluiceenvironment: 'production',
      sluicesequence: '5000000000',
    });
  });

  it('names its attributes as CloudEvents allows: lower-case letters and digits, at most 20', () => {
    for (const name of Object.keys(toCloudEvent(aRecord(), place))) expect(name).toMatch(/^[a-z0-9]{1,20}$/u);
  });

  it('leaves out the environment of what concerns none', () => {
    const event = toCloudEvent(aRecord({ environmentId: null }), { ...place, environment: undefined });
    expect(event).not.toHaveProperty('sluiceenvironment');
  });

  it('carries a whole CDEvent where CDEvents has the word, with the same id, source, type and time', () => {
    const data = cdEventContent({
      environment: 'production',
      artifact: { service: 'checkout', digest: `sha256:${'a'.repeat(64)}` },
    });
    const type = 'dev.cdevents.service.deployed.0.2.0';
    const event = toCloudEvent(aRecord({ type, subject: 'service/checkout', data }), place);
    expect(event.data).toEqual({
      context: { version: '0.4.1', id: event.id, source: event.source, type, timestamp: event.time },
      subject: {
        id: 'service/checkout',
        source: '/projects/shop',
        type: 'service',
        content: {
          environment: { id: 'production' },
          artifactId: `pkg:oci/checkout@sha256%3A${'a'.repeat(64)}`,
        },
      },
    });
  });

  it('names no artifact of a service that was removed', () => {
    expect(cdEventContent({ environment: 'production' })).toEqual({ environment: { id: 'production' } });
  });
});
