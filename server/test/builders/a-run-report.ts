import { createHash } from 'node:crypto';
import type { RunReport } from '../../src/telemetry/index.js';

type Signature = RunReport['signatures'][number];
type InputSample = NonNullable<RunReport['distinct']>['compared'];

/** Ten equal inputs of price-v2 in its first epoch, v2 against v1, unless said. */
export function aRunReport(overrides: Partial<RunReport> = {}): RunReport {
  const none = { n: 0, sum: 0, sumSquares: 0 };
  return {
    run: 'price-v2',
    epoch: 1,
    candidate: 'candidate',
    controlVersion: 'v1',
    candidateVersion: 'v2',
    served: 'control',
    verdicts: { match: 10 },
    inputs: { n: 10, x: 0 },
    twins: { n: 0, b: 0, c: 0 },
    latency: { controlFirst: none, candidateFirst: none },
    overhead: { n: 10, addedMs: 1, maxAddedMs: 0.5, maxLoopDelayMs: 2 },
    strata: [],
    shapes: [],
    signatures: [],
    unsigned: 0,
    ...overrides,
  };
}

/** n inputs, x of them unequal, each called once. */
export function ofInputs(n: number, x: number, overrides: Partial<RunReport> = {}): RunReport {
  return aRunReport({ verdicts: { match: n - x, mismatch: x }, inputs: { n, x }, ...overrides });
}

/** These inputs were compared, each by a call, and some came out unequal: named as an SDK does, all of no stratum. */
export function ofNamedInputs(
  compared: readonly number[],
  unequal: readonly number[] = [],
  overrides: Partial<RunReport> = {},
): RunReport {
  const [n, x] = [compared.length, unequal.length];
  const distinct = { n, x, strata: [], compared: aSampleOf(compared), unequal: aSampleOf(unequal) };
  return ofInputs(n, x, { distinct, ...overrides });
}

/** At most so many of these inputs, as an SDK samples them; of a stratum, unless it is -1. */
export function aSampleOf(inputs: readonly number[], { limit = 1_024, stratum = -1 } = {}): InputSample {
  const all = inputs.map((input): InputSample['marks'][number] => {
    const digest = createHash('sha256').update(`${input}`).digest();
    return [digest.toString('hex').slice(0, 12), Math.clz32(digest.readUInt32BE(8)), stratum];
  });
  for (let depth = 0; ; depth += 1) {
    const marks = all.filter(([, level]) => level >= depth);
    if (marks.length <= limit) return { depth, marks };
  }
}

/** One mismatch of a price by at most 0.01, unless said. */
export function aReportedSignature(overrides: Partial<Signature> = {}): Signature {
  return {
    id: '00000000000000a1',
    places: [{ path: '$.items[*].price', kind: 'value', transition: 'rounding' }],
    isCut: false,
    n: 1,
    twins: 0,
    strata: [],
    maxDelta: { absolute: 0.01, relative: 0.001, ulps: 1_000 },
    samples: [aSample()],
    ...overrides,
  };
}

export function aSample(overrides: Partial<Signature['samples'][number]> = {}): Signature['samples'][number] {
  const [control, candidate] = [{ digest: '00112233445566aa' }, { raw: '12.5' }];
  const values = [{ path: '$.items[*].price', control, candidate }];
  return { at: '2026-01-01T00:00:00.000Z', stratum: '', input: 'ab', traceId: '', values, ...overrides };
}
