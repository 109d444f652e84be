import { describe, expect, it } from '@jest/globals';
import {
  type ParallelRunReport,
  RAW_VALUE_LIMIT,
  REPORT_LIMIT,
  SAMPLE_LIMIT,
  SHAPE_LIMIT,
  SIGNATURE_LIMIT,
  STRATUM_LIMIT,
} from '../../../sdk/src/parallel-run/report.js';
import { aReportedSignature, aRunReport, aSample, aSampleOf, ofNamedInputs } from '../../test/builders/a-run-report.js';
import { aTelemetryBatch } from '../../test/builders/a-telemetry-batch.js';
import { RUN_REPORT_LIMITS } from './run-report-schema.js';
import { parseTelemetryBatch } from './telemetry-batch.js';

const now = new Date('2026-01-01T12:00:00.000Z');
const batch = (...parallelRuns: readonly object[]) => ({ ...aTelemetryBatch(), parallelRuns });
const parse = (...reports: readonly object[]) => parseTelemetryBatch(batch(...reports), now).parallelRuns;

it('has the limits of the SDK', () => {
  expect(RUN_REPORT_LIMITS).toEqual({
    reports: REPORT_LIMIT,
    strata: STRATUM_LIMIT,
    shapes: SHAPE_LIMIT,
    signatures: SIGNATURE_LIMIT,
    samples: SAMPLE_LIMIT,
    rawValue: RAW_VALUE_LIMIT,
  });
});

it('reads what the SDK sends', () => {
  const said: ParallelRunReport = aRunReport({ signatures: [aReportedSignature()] }) as ParallelRunReport;
  expect(parse(said)).toEqual([said]);
});

it('reads which inputs were compared', () => {
  const said: ParallelRunReport = ofNamedInputs([1, 2, 3], [2]) as ParallelRunReport;
  expect(parse(said)).toEqual([said]);
});

it('believes no sample of the future', () => {
  const samples = [aSample({ at: '2999-01-01T00:00:00Z' })];
  const [report] = parse(aRunReport({ signatures: [aReportedSignature({ samples })] }));
  expect(report?.signatures[0]?.samples[0]?.at).toBe(now.toISOString());
});

it('may say of inputs that earlier reports counted that they came out unequal', () => {
  const late = aRunReport({
    ...{ verdicts: { candidate_error: 1, mismatch: 1, shed: 3 }, broken: 3, inputs: { n: 0, x: 2 } },
    strata: [{ stratum: 'a', n: 0, x: 2 }],
  });
  expect(parse(late)).toEqual([late]);
});

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
/** Four of the ten inputs of aRunReport, unless said. */
const NAMED = { n: 4, x: 0, strata: [], compared: aSampleOf(range(4)), unequal: aSampleOf([]) };

describe('a report', () => {
  const ratios = { n: 2, sum: 2, sumSquares: 2 };
  it.each<[string, object, readonly string[]]>([
    ['of a nameless run', { run: '' }, ['/run']],
    ['of an endless name', { candidate: 'c'.repeat(201) }, ['/candidate']],
    ['of half an epoch', { epoch: 0.5 }, ['/epoch']],
    ['of an absurd epoch', { epoch: 2 ** 31 }, ['/epoch']],
    ['of an unknown field', { extra: 1 }, ['/extra']],
    ['of nobody’s answer', { served: 'both' }, ['/served']],
    ['of an unknown verdict', { verdicts: { perhaps: 1 } }, ['/verdicts/perhaps']],
    ['of fewer than no matches', { verdicts: { match: -1 } }, ['/verdicts/match']],
    ['of an absurd number', { inputs: { n: 1e12 + 1, x: 0 } }, ['/inputs/n']],
    ['of more twins that differ than there are', { twins: { n: 1, b: 1, c: 1 } }, ['/twins/n']],
    [
      'of times that cannot be',
      { latency: { controlFirst: { ...ratios, sum: 3 }, candidateFirst: ratios } },
      ['/latency/controlFirst/sumSquares'],
    ],
    [
      'of times of no calls',
      { latency: { controlFirst: ratios, candidateFirst: { n: 0, sum: 0, sumSquares: 1 } } },
      ['/latency/candidateFirst/sumSquares'],
    ],
    ['of time gained', { overhead: { n: 1, addedMs: -1, maxAddedMs: 0, maxLoopDelayMs: 0 } }, ['/overhead/addedMs']],
    [
      'of more inputs than calls that were compared',
      { verdicts: { match: 2, timeout: 9 }, inputs: { n: 3, x: 0 } },
      ['/inputs/n'],
    ],
    [
      'of more unequal inputs than unequal calls',
      { verdicts: { match: 5, ignored: 3, mismatch: 1 }, inputs: { n: 9, x: 2 } },
      ['/inputs/x'],
    ],
    [
      'of more inputs of one kind than calls, or unequal ones',
      {
        verdicts: { match: 2, control_error: 1 },
        inputs: { n: 3, x: 1 },
        strata: [
          { stratum: 'a', n: 3, x: 1 },
          { stratum: 'b', n: 4, x: 2 },
        ],
      },
      ['/strata/1/n', '/strata/1/x'],
    ],
    ['of more calls that a breaker kept than were shed', { verdicts: { match: 10, shed: 1 }, broken: 2 }, ['/broken']],
    [
      'of more named inputs than inputs',
      { distinct: { ...NAMED, n: 11, x: 1, strata: [{ stratum: 'a', n: 12, x: 0 }] } },
      ['/distinct/n', '/distinct/strata/0/n', '/distinct/x'],
    ],
    [
      'of more marks than inputs',
      { distinct: { ...NAMED, n: 3, unequal: aSampleOf([1]) } },
      ['/distinct/compared/marks', '/distinct/unequal/marks'],
    ],
    [
      'of too many marks',
      { distinct: { ...NAMED, compared: aSampleOf(range(1_025), { limit: 2_000 }) } },
      ['/distinct/compared/marks'],
    ],
    [
      'of marks that are none',
      { distinct: { ...NAMED, compared: { depth: 34, marks: [['A', 33, 50]] } } },
      [
        ...['/distinct/compared/depth', '/distinct/compared/marks/0/0', '/distinct/compared/marks/0/1'],
        '/distinct/compared/marks/0/2',
      ],
    ],
    ['of too many strata', { strata: Array(51).fill({ stratum: 's', n: 1, x: 0 }) }, ['/strata']],
    ['of too many shapes', { shapes: Array(201).fill([1, 1]) }, ['/shapes']],
    ['of a negative shape', { shapes: [[-1, 1]] }, ['/shapes/0/0']],
    ['of a shape never compared', { shapes: [[1, 0]] }, ['/shapes/0/1']],
    ['of too many signatures', { signatures: Array(51).fill(aReportedSignature()) }, ['/signatures']],
    ['of a signature that is none', { signatures: [aReportedSignature({ id: 'A' })] }, ['/signatures/0/id']],
    [
      'of too many samples',
      { signatures: [aReportedSignature({ samples: Array(4).fill(aSample()) as never })] },
      ['/signatures/0/samples'],
    ],
    [
      'of a value that is too long',
      {
        signatures: [
          aReportedSignature({
            samples: [
              aSample({ values: [{ path: '$', control: { raw: 'x'.repeat(501) }, candidate: { absent: true } }] }),
            ],
          }),
        ],
      },
      ['/signatures/0/samples/0/values/0/control/raw'],
    ],
    [
      'of a difference of no kind',
      { signatures: [{ ...aReportedSignature(), places: [{ path: '$', kind: 'odd', transition: '' }] }] },
      ['/signatures/0/places/0/kind'],
    ],
  ])('is refused %s', (_name, change, pointers) => {
    expect(pointersOf(() => parse({ ...aRunReport(), ...change }))).toEqual(
      pointers.map((pointer) => `/parallelRuns/0${pointer}`),
    );
  });

  it('is refused with too many others', () => {
    expect(pointersOf(() => parse(...Array.from({ length: 51 }, () => aRunReport())))).toEqual(['/parallelRuns']);
  });
});

function pointersOf(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    return (error as { problems: { pointer: string }[] }).problems.map(({ pointer }) => pointer).sort();
  }
}
