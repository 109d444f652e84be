import { describe, expect, it } from '@jest/globals';
import { aDeployment, aDigest } from '../../test/builders/a-service.js';
import type { Deployment } from './deployment.js';
import { type RunningVersion, standingOf } from './service-standing.js';
import type { TrafficContent } from './service-traffic.js';

const all: TrafficContent = { stable: { version: 'v1', digest: aDigest() }, candidate: null };
const ramped: TrafficContent = { ...all, candidate: { version: 'v2', digest: aDigest('b'), share: 12_500 } };
const [v1, v2, v3] = ['v1', 'v2', 'v3'].map((version) => aDeployment({ version })) as [
  Deployment,
  Deployment,
  Deployment,
];
const gone = (deployment: Deployment): Deployment => ({ ...deployment, state: 'removed' });
const run = (version: string | null): RunningVersion => ({ version, instances: 3 });
const idle = 'installed and gets no callers; release it, or report it as removed once it is gone.';
const stray = 'running, as its instances report, but CI did not report it as installed.';

describe('drift', () => {
  it.each<[string, TrafficContent | null, readonly Deployment[], readonly RunningVersion[], readonly string[]]>([
    ['none where nothing ever was', null, [], [], []],
    ['none where the stable version is installed', all, [v1], [run('v1')], []],
    ['none where stable and candidate are installed', ramped, [v2, v1], [run('v2'), run('v1'), run(null)], []],
    ['a version that waits for its release', all, [v2, v1], [], [`v2 is ${idle}`]],
    ['several that do', all, [v3, v2, v1], [], [`Each of v3, v2 is ${idle}`]],
    ['the stable version gone', all, [gone(v1)], [], ['v1 is to get 100 % of the callers, but is not installed.']],
    ['the candidate gone', ramped, [gone(v2), v1], [], ['v2 is to get 12.5 % of the callers, but is not installed.']],
    [
      'both gone, another there',
      ramped,
      [v3, gone(v2), gone(v1)],
      [],
      [
        'v1 is to get 87.5 % of the callers, but is not installed.',
        'v2 is to get 12.5 % of the callers, but is not installed.',
        `v3 is ${idle}`,
      ],
    ],
    ['a version that runs unreported', all, [v1], [run('v9'), run(null)], [`v9 is ${stray}`]],
  ])('is %s', (_name, desired, newest, running, drift) => {
    expect(standingOf(desired, newest, running).drift).toEqual(drift);
  });

  it('names a few of many and counts the rest', () => {
    const many = Array.from({ length: 60 }, (_, i) => aDeployment({ version: `w${i}` }));
    const standing = standingOf(all, [...many, v1], []);
    expect(standing.drift).toEqual([`Each of w0, w1, w2, w3, w4 and 55 more is ${idle}`]);
    expect([standing.installed.length, standing.unlisted]).toEqual([50, 11]);
  });
});

it('shows what is installed without what was removed, and what runs as it was said', () => {
  const { version, digest, url, reportedBy, at } = v2;
  expect(standingOf(all, [v2, gone(v3)], [run(null)])).toMatchObject({
    desired: all,
    installed: [{ version, digest, url, reportedBy, at }],
    unlisted: 0,
    running: [{ version: null, instances: 3 }],
  });
});
