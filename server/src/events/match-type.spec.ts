import { describe, expect, it } from '@jest/globals';
import { isTypePattern, matchesType } from './match-type.js';

describe('matchesType', () => {
  it.each<[string, string, boolean]>([
    ['dev.sluice.release.started', 'dev.sluice.release.started', true],
    ['dev.sluice.release.started', 'dev.sluice.release.startedx', false],
    ['dev.sluice.release.*', 'dev.sluice.release.started', true],
    ['dev.sluice.release.*', 'dev.sluice.rollout.verdict', false],
    ['dev.sluice.*', 'dev.cdevents.service.deployed.0.2.0', false],
    ['*', 'dev.cdevents.service.deployed.0.2.0', true],
    ['dev.cdevents.service.deployed.*', 'dev.cdevents.service.deployed.0.3.0', true],
    ['dev.*.started', 'dev.sluice.release.started', false],
  ])('%s and %s: %s', (pattern, type, expected) => expect(matchesType(pattern, type)).toBe(expected));
});

describe('isTypePattern', () => {
  it.each<[string, boolean]>([
    ['*', true],
    ['dev.sluice.flag.killed', true],
    ['dev.sluice.release.re*', true],
    ['dev.sluice.release.exploded', false],
    ['dev.sluice.releases.*', false],
    ['dev.*.started', false],
    ['', false],
  ])('%s: %s', (pattern, expected) => expect(isTypePattern(pattern)).toBe(expected));
});
