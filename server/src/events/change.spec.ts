import { describe, expect, it } from '@jest/globals';
import { changeOfEvent, changeOfRecord, changeOfRevision } from './change.js';

const AT = '2026-11-21T12:00:00.000Z';
const record = { projectId: 'p', environmentId: null, actor: 'Ada', version: 3, isGone: false, at: AT };

describe('An entry of the audit log', () => {
  it.each<[string, string, string, string, string | null]>([
    ['flag/new-cart', 'flag.edited', 'flag', 'new-cart', null],
    ['flag/a/b', 'flag.edited', 'flag', 'a/b', null],
    ['flag/a/b/production', 'flag.settings.ramped', 'flagSettings', 'a/b', 'production'],
    ['segment/staff', 'segment.created', 'segment', 'staff', null],
    ['environment/staging', 'environment.edited', 'environment', 'staging', null],
    ['guardrail/errors/production', 'guardrail.broken', 'guardrail', 'errors', 'production'],
    ['parallel-run/price', 'parallelRun.edited', 'parallelRun', 'price', null],
    ['parallel-run/price/staging', 'parallelRun.shared', 'parallelRunSettings', 'price', 'staging'],
    ['service/checkout', 'service.created', 'service', 'checkout', null],
    ['service/checkout/staging', 'deployment.reported', 'deployment', 'checkout', 'staging'],
    ['release/42', 'release.paused', 'release', '42', null],
    ['something/new', 'something.done', 'other', 'something/new', null],
  ])('about %s, %s, is a change of %s %s', (subject, action, topic, key, environment) => {
    expect(changeOfRecord({ ...record, subject, action })).toEqual({
      ...{ topic, key, projectId: 'p', environmentId: null, environment, version: 3, isGone: false },
      ...{ action, actor: 'Ada', at: new Date(AT), patch: null },
    });
  });
});

describe('An event', () => {
  const event = { sequence: 1, projectId: 'p', environmentId: 'e', data: { status: 'running' }, at: AT };
  it.each<[string, string, string, string, object | null]>([
    ['dev.sluice.release.advanced', 'release/42', 'release', '42', { status: 'running' }],
    ['dev.sluice.rollout.verdict', 'release/42', 'rollout', '42', { status: 'running' }],
    ['dev.sluice.flag.killed', 'flag/a/b', 'flagSettings', 'a/b', null],
    ['dev.sluice.guardrail.broken', 'guardrail/errors', 'guardrail', 'errors', null],
    ['dev.sluice.parallelRun.certified', 'parallel-run/price', 'parallelRunSettings', 'price', null],
    ['dev.sluice.traffic.refused', 'service/checkout', 'traffic', 'checkout', null],
    ['dev.cdevents.service.deployed.0.2.0', 'service/checkout', 'deployment', 'checkout', null],
  ])('%s of %s is a change of %s %s', (type, subject, topic, key, patch) => {
    expect(changeOfEvent({ ...event, type, subject })).toMatchObject({
      topic,
      key,
      patch,
      action: type,
      environmentId: 'e',
    });
  });
});

it('A revision of an environment is its version', () => {
  const environment = { id: 'e', key: 'production', projectId: 'p' };
  expect(changeOfRevision(environment, 7, new Date(AT))).toMatchObject({
    ...{ topic: 'environment', key: 'production', environment: 'production', version: 7, at: new Date(AT) },
  });
});
