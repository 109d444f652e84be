import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { AuditService } from '../../src/audit/index.js';
import { openDatabase } from '../../src/platform/prisma/open-database.js';
import { useDatabase } from '../contracts/use-database.js';
import { type MetricHost, replyText, startMetricHost } from '../fakes/metric-host.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import { begin, commands, comeToEnd, type Happened, type System } from './commands.js';
import { Invariants } from './invariants.js';
import { type PolicyTaste, RampWorld } from './ramp-world.js';
import { IN_MEMORY } from '../contracts/in-memory.js';

const RUNS = 60;
const COMMANDS = 16;
/** Without these a run of this suite would prove less than it says. */
const MUST_HAPPEN = [
  'aborted: ABORTED_BY_HAND',
  'aborted: TAKEN_OVER_BY_HAND',
  'raised: PROMOTED_BY_HAND',
  'raised: PROMOTED_ON_EVIDENCE',
  'raised: PROMOTED_WITHOUT_EVIDENCE',
  'raised: SKIPPED_BY_HAND',
  'released: PROMOTED_ON_EVIDENCE',
  'rolledBack: DEADLINE_PASSED',
  'rolledBack: EVIDENCE_BAD',
  'rolledBack: ROLLED_BACK_BY_HAND',
  'superseded: SUPERSEDED',
];
const TIMEOUT_MS = 600_000;

const taste = fc.record<PolicyTaste>({
  onDeadline: fc.constantFrom('hold', 'rollBack', 'promote', 'rollBack', 'promote'),
  onNewer: fc.constantFrom('supersede', 'queue'),
  gate: fc.constantFrom('none', 'approval', 'webhook'),
  isFrozenLater: fc.boolean(),
});

describe('Ramps, whatever happens', () => {
  const store = useDatabase(() => openDatabase({ url: undefined, dataDir: IN_MEMORY }));
  const ids = new SequentialIds();
  let gate: MetricHost;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    gate = await startMetricHost(replyText('yes'));
  });
  afterAll(() => gate.close());

  it(
    'are never mixed, skip no verdict, raise nothing on what is not known, and come to an end',
    async () => {
      const happened: Happened = { kills: 0, ends: 0 };
      const seen = new Set<string>();
      let last: RampWorld | undefined;
      const run = fc.asyncProperty(
        taste,
        fc.constantFrom('cart' as const, 'v2' as const),
        fc.commands([...commands], { maxCommands: COMMANDS, size: 'max' }),
        async (wanted, first, sequence) => {
          const world = await RampWorld.make(store, ids, { taste: wanted, gateUrl: gate.url });
          const system: System = { world, invariants: new Invariants(world), late: [] };
          await begin(system, first);
          await fc.asyncModelRun(() => ({ model: happened, real: system }), sequence);
          await comeToEnd(system, happened);
          last = world;
          for (const each of system.invariants.seen) seen.add(each);
        },
      );
      await fc.assert(run, { numRuns: RUNS, seed: 20_261_122, endOnFailure: true });
      expect(await last?.services.get(AuditService).verify()).toMatchObject({ isIntact: true });
      // Else this proves nothing.
      expect([...seen]).toEqual(expect.arrayContaining([...MUST_HAPPEN]));
      expect(happened.kills).toBeGreaterThan(RUNS);
    },
    TIMEOUT_MS,
  );
});
