import type { Certificate } from '../../src/parallel-runs/certificate.js';
import type { ParallelRun, ParallelRunSettings } from '../../src/parallel-runs/parallel-run.js';
import { DEFAULT_RUNNER } from '../../src/parallel-runs/run-settings.js';
import type { RunTotal } from '../../src/parallel-runs/sums.js';
import { idNumber } from '../fakes/sequential-ids.js';
import { aDemand, someRunSums } from './a-run-observation.js';

const NEW_YEAR = new Date('2026-01-01T00:00:00.000Z');

/** A run of aProject, unless said. */
export function aParallelRun(overrides: Partial<ParallelRun> = {}): ParallelRun {
  return {
    id: idNumber(60),
    projectId: idNumber(1),
    key: 'price-v2',
    name: 'New pricing',
    description: '',
    owner: null,
    dueAt: null,
    version: 1,
    createdAt: NEW_YEAR,
    updatedAt: NEW_YEAR,
    ...overrides,
  };
}

/** 5 % of the calls in the first epoch, without rules, unless said; stored once. */
export function someRunSettings(overrides: Partial<ParallelRunSettings> = {}): ParallelRunSettings {
  return {
    share: 5_000,
    demand: aDemand(),
    runner: DEFAULT_RUNNER,
    rules: [],
    epoch: 1,
    demandHash: 'hash-1',
    digestKey: '0f'.repeat(32),
    version: 1,
    ...overrides,
  };
}

/** v2 against v1: 449 equal inputs, unless said. */
export function aRunTotal(overrides: Partial<RunTotal> = {}): RunTotal {
  return {
    candidate: 'candidate',
    controlVersion: 'v1',
    candidateVersion: 'v2',
    sums: someRunSums(449, 0),
    firstAt: NEW_YEAR,
    lastAt: NEW_YEAR,
    ...overrides,
  };
}

/** Of aRunTotal, standing, unless said. */
export function aCertificate(statement: Certificate['statement'], overrides: Partial<Certificate> = {}): Certificate {
  return {
    id: idNumber(70),
    run: 'price-v2',
    environment: 'production',
    epoch: 1,
    candidate: 'candidate',
    controlVersion: 'v1',
    candidateVersion: 'v2',
    demandHash: 'hash-1',
    finding: 'certified',
    statement,
    at: NEW_YEAR,
    voidedAt: null,
    voidReason: null,
    ...overrides,
  };
}
