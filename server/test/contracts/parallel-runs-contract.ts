import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { CertificatesRepository } from '../../src/parallel-runs/certificates.repository.js';
import { OTHER_SHAPE } from '../../src/parallel-runs/merge-run-reports.js';
import { totalAsEvidence } from '../../src/parallel-runs/as-evidence.js';
import type { OwnedRule } from '../../src/parallel-runs/parallel-run.js';
import { ParallelRunsRepository } from '../../src/parallel-runs/parallel-runs.repository.js';
import { RunIntake } from '../../src/parallel-runs/run-intake.service.js';
import { RunRetentionRepository } from '../../src/parallel-runs/run-retention.repository.js';
import { RunSettingsRepository } from '../../src/parallel-runs/run-settings.repository.js';
import { RunSignaturesRepository } from '../../src/parallel-runs/run-signatures.repository.js';
import { RunSumsRepository } from '../../src/parallel-runs/run-sums.repository.js';
import type { StoredTotal } from '../../src/parallel-runs/sums.js';
import { wireEpoch } from '../../src/parallel-runs/wire-epoch.js';
import { Prisma } from '../../src/platform/prisma/generated/client.js';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { ReportSinks, type RunReport } from '../../src/telemetry/index.js';
import { aCertificate, aParallelRun, someRunSettings } from '../builders/a-parallel-run.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import { aDemand, someRunSums } from '../builders/a-run-observation.js';
import { aReportedSignature, aRunReport, aSample, ofInputs, ofNamedInputs } from '../builders/a-run-report.js';
import { aTelemetryReport } from '../builders/a-telemetry-report.js';
import { assess } from '../../src/parallel-runs/assess.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const noon = at(43_200);
const hex = (i: number): string => i.toString(16).padStart(16, '0');

/** What the repositories of parallel runs and their intake promise on every database. */
export function describeParallelRuns(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const runs = new ParallelRunsRepository();
  const settings = new RunSettingsRepository();
  const sums = new RunSumsRepository();
  const signatures = new RunSignaturesRepository();
  const certificates = new CertificatesRepository();
  const retention = new RunRetentionRepository();
  const intake = new RunIntake(new ReportSinks(), settings, sums, signatures);
  beforeAll(() => void Logger.overrideLogger(false));
  afterAll(() => void Logger.overrideLogger(['warn']));
  let project: ReturnType<typeof aProject>;
  let environment: ReturnType<typeof anEnvironment>;
  let run: ReturnType<typeof aParallelRun>;
  let place: { readonly runId: string; readonly environmentId: string };
  let epoch: typeof place & { readonly epoch: number };

  beforeEach(async () => {
    project = aProject({ id: ids.next(), key: `p-${ids.next().slice(-6)}` });
    environment = anEnvironment({ id: ids.next(), projectId: project.id });
    run = aParallelRun({ id: ids.next(), projectId: project.id });
    place = { runId: run.id, environmentId: environment.id };
    epoch = { ...place, epoch: 1 };
    await store.run(async (tx) => {
      await new ProjectsRepository().insert(tx, project);
      await new EnvironmentsRepository().insert(tx, environment);
      await runs.insert(tx, run);
      await settings.save(tx, place, someRunSettings({ version: 0 }), noon);
    });
  });

  const arrived = (said: RunReport, receivedAt = noon) => {
    const report = { ...said, epoch: wireEpoch(run.id, said.epoch) };
    return { environmentId: environment.id, receivedAt, report: aTelemetryReport({ parallelRuns: [report] }) };
  };
  const count = (...reports: readonly RunReport[]) =>
    store.run((tx) =>
      intake.count(
        tx,
        reports.map((report) => arrived(report)),
      ),
    );
  const totals = () => store.run((tx) => sums.listTotals(tx, epoch));
  const faults = () => store.run((tx) => signatures.list(tx, epoch));

  describe('Runs', () => {
    it('are given back as they were stored, and keep their keys distinct', async () => {
      const full = aParallelRun({ ...run, id: ids.next(), key: 'a', owner: 'Füße "店"', dueAt: noon });
      await store.run((tx) => runs.insert(tx, full));
      expect(await store.run((tx) => runs.find(tx, project.id, 'a'))).toEqual(full);
      expect(await store.run((tx) => runs.findById(tx, full.id))).toEqual(full);
      const again = store.run((tx) => runs.insert(tx, { ...full, id: ids.next() }));
      await expect(again).rejects.toMatchObject({ kind: 'conflict', code: 'PARALLEL_RUN_EXISTS' });
      const list = (limit: number, after?: string) =>
        store.run((tx) => runs.listPage(tx, project.id, { limit, after }));
      expect(await list(1)).toEqual([full, run]);
      expect(await list(9, 'a')).toEqual([run]);
    });

    it('are saved over the version they were made from, and deleted with all that was counted', async () => {
      const after = await store.run((tx) => runs.save(tx, { ...run, name: 'Other' }));
      expect(after).toMatchObject({ name: 'Other', version: 2 });
      const collided = { kind: 'conflict', code: 'EDIT_COLLIDED' };
      await expect(store.run((tx) => runs.save(tx, run))).rejects.toMatchObject(collided);
      await expect(store.run((tx) => runs.delete(tx, run))).rejects.toMatchObject(collided);
      await count(aRunReport({ shapes: [[1, 1]], signatures: [aReportedSignature()] }));
      await store.run((tx) => runs.delete(tx, after));
      expect(await store.run((tx) => settings.find(tx, place))).toBeNull();
      expect([await totals(), await faults()]).toEqual([[], []]);
    });
  });

  describe('Settings', () => {
    const rule: OwnedRule = {
      ...{ id: 'r1', path: '$.at', kind: 'ignore', owner: 'a', reason: 'b' },
      ...{ expiresAt: '2026-01-01T13:00:00+01:00', createdAt: noon.toISOString() },
    };

    it('are given back as they were stored, over the version they were made from', async () => {
      const before = someRunSettings();
      expect(await store.run((tx) => settings.find(tx, place))).toEqual(before);
      const edited = { ...before, share: 1, rules: [rule], epoch: 2 };
      const after = await store.run((tx) => settings.save(tx, place, edited, noon));
      expect(after).toEqual({ ...edited, version: 2 });
      expect(await store.run((tx) => settings.listOfRuns(tx, [run.id]))).toEqual([{ ...place, settings: after }]);
      const stale = store.run((tx) => settings.save(tx, place, edited, noon));
      await expect(stale).rejects.toMatchObject({ kind: 'conflict', code: 'EDIT_COLLIDED' });
    });

    it('are found by a rule that ran out, in whatever time zone', async () => {
      await store.run((tx) => settings.save(tx, place, someRunSettings({ rules: [rule] }), noon));
      const expired = async (now: Date) =>
        (await store.run((tx) => settings.listWithExpiredRules(tx, now, 1_000))).some(({ runId }) => runId === run.id);
      expect([await expired(at(43_199)), await expired(noon)]).toEqual([false, true]);
    });
  });

  describe('What SDKs report', () => {
    it('adds up, of each pair of versions, minute by minute', async () => {
      const strata = [{ stratum: 'a"b', n: 10, x: 1 }];
      await count(ofInputs(10, 1, { strata }), ofInputs(5, 0, { candidateVersion: 'v3' }));
      await count(ofInputs(10, 1, { strata }));
      const found = await totals();
      expect(found.map(({ candidateVersion, sums: { inputs } }) => [candidateVersion, inputs])).toEqual([
        ['v2', { n: 20, x: 2 }],
        ['v3', { n: 5, x: 0 }],
      ]);
      expect(found[0]).toMatchObject({
        firstAt: noon,
        lastAt: noon,
        sums: { strata: [{ stratum: 'a"b', n: 20, x: 2 }] },
      });
      const minutes = await store.run((tx) => sums.listMinutes(tx, place, { from: noon, to: at(43_260) }));
      expect(minutes).toEqual([{ minute: noon, n: 25, x: 2 }]);
      expect(await store.run((tx) => sums.listCurrentTotals(tx, [run.id]))).toEqual(
        found.map((total) => ({ ...epoch, ...total })),
      );
    });

    it('counts nowhere for another run, epoch or environment', async () => {
      await count(aRunReport({ run: 'other' }), aRunReport({ epoch: 2 }), aRunReport({ epoch: 0 }));
      const elsewhere = { ...arrived(aRunReport()), environmentId: ids.next() };
      await store.run((tx) => intake.count(tx, [elsewhere]));
      expect(await totals()).toEqual([]);
    });

    it('loses nothing when many count at once, new pairs and faults and known ones', async () => {
      const reports = Array.from({ length: 20 }, (_, i) =>
        ofInputs(10, 1, {
          candidateVersion: `v${i % 3}`,
          shapes: [[i % 4, 1]],
          signatures: [aReportedSignature({ id: hex(i % 5), samples: [aSample({ input: `${i}` })] })],
        }),
      );
      await Promise.all(reports.map((report, i) => count(...(i % 2 === 0 ? [report] : [report, report].toReversed()))));
      const found = await totals();
      expect(found.reduce((sum, each) => sum + each.sums.inputs.n, 0)).toBe(300);
      expect((await faults()).reduce((sum, { n }) => sum + n, 0)).toBe(30);
      const shapes = { distinct: 4, singletons: 0, n: 30 };
      expect(await store.run((tx) => sums.countShapes(tx, epoch))).toEqual(shapes);
      const ofMany = (runIds: readonly string[]) =>
        store.run((tx) => sums.countShapesOf(tx, place.environmentId, runIds));
      expect(await ofMany([ids.next(), run.id])).toEqual(new Map([[run.id, shapes]]));
      expect(await ofMany([])).toEqual(new Map());
    });

    describe('of inputs that are named', () => {
      const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
      const said = (process: string, report: RunReport, receivedAt = noon) => {
        const { environmentId, report: batch } = arrived(report);
        return { environmentId, receivedAt, report: { ...batch, instance: { ...batch.instance, id: process } } };
      };
      const countAll = (...reports: readonly ReturnType<typeof said>[]) => store.run((tx) => intake.count(tx, reports));
      const evidence = async () => totalAsEvidence((await totals())[0] as StoredTotal).sums; // there is one
      const processes = range(0, 20).map((i) => `process ${i}`);

      it('counts those that twenty processes all see once in a window, in whatever batches they come', async () => {
        const seen = processes.map((id) => said(id, ofNamedInputs(range(0, 300), [7])));
        await Promise.all([countAll(...seen.slice(0, 7)), countAll(...seen.slice(7, 19)), countAll(...seen.slice(19))]);
        expect((await totals())[0]?.sums.inputs).toEqual({ n: 6_000, x: 20 });
        expect(await evidence()).toMatchObject({ inputs: { n: 300, x: 1 }, perProcess: 0 });
        const shapes = { distinct: 1, singletons: 0, n: 6_000 };
        const { finding } = assess({ sums: await evidence(), shapes, demand: aDemand({ latencyMargin: null }) });
        expect(finding).toBe('undecided');
        // An hour later each counts once more, in however many processes.
        await countAll(...processes.map((id) => said(id, ofNamedInputs(range(0, 100)), at(43_200 + 3_600))));
        expect(await evidence()).toMatchObject({ inputs: { n: 400, x: 1 } });
        expect(await store.run((tx) => sums.listCurrentTotals(tx, [run.id]))).toEqual(
          (await totals()).map((total) => ({ ...epoch, ...total })),
        );
      });

      it('counts those that each process has for itself to within a sixth', async () => {
        for (const [i, id] of processes.entries()) {
          await countAll(said(id, ofNamedInputs(range(i * 300, i * 300 + 300))));
        }
        const { inputs, refuting } = await evidence();
        expect(inputs.n).toBeGreaterThan(5_000);
        expect(inputs.n).toBeLessThanOrEqual(6_000);
        expect(refuting?.inputs).toEqual({ n: 6_000, x: 0 });
      });

      it('counts those of older SDKs as before, and says how many they are', async () => {
        await countAll(
          said('new', ofNamedInputs(range(0, 10))),
          said('newer', ofNamedInputs(range(0, 10))),
          said('old', ofInputs(10, 1)),
          said('older', ofInputs(10, 0)),
        );
        expect(await evidence()).toMatchObject({ inputs: { n: 30, x: 1 }, perProcess: 20 });
      });

      it('goes on from sums that an older server has stored, or adds to meanwhile', async () => {
        await countAll(said('a', ofNamedInputs(range(0, 10))));
        // Numbers and records of numbers: JSON, which the interface does not say.
        const sums = { ...(await totals())[0]?.sums, inputs: { n: 25, x: 2 } } as unknown as Prisma.InputJsonObject;
        await store.database.client.parallelRunTotal.updateMany({ where: place, data: { sums } });
        await countAll(said('b', ofNamedInputs(range(0, 12))));
        expect(await evidence()).toMatchObject({ inputs: { n: 12 + 15, x: 2 }, perProcess: 15 });
        await store.database.client.parallelRunTotal.updateMany({
          where: place,
          data: { inputWindow: Prisma.DbNull, distinctInputs: Prisma.DbNull },
        });
        expect((await evidence()).inputs).toEqual({ n: 37, x: 2 });
        await countAll(said('a', ofNamedInputs(range(0, 3))));
        expect((await evidence()).inputs).toEqual({ n: 40, x: 2 });
      });
    });

    it('keeps faults with their samples, and the versions they were seen in', async () => {
      await count(aRunReport({ candidateVersion: 'v2', signatures: [aReportedSignature({ twins: 2 })] }));
      await count(
        aRunReport({
          candidateVersion: 'v3',
          signatures: [aReportedSignature({ samples: [aSample({ input: 'cd' })] })],
        }),
        aRunReport({ signatures: [{ ...aReportedSignature({ id: hex(9) }), maxDelta: undefined }] }),
      );
      expect(await faults()).toMatchObject([
        { id: hex(9), n: 1, maxDelta: null },
        { id: '00000000000000a1', n: 2, twins: 2, firstVersion: 'v2', lastVersion: 'v3', firstAt: noon },
      ]);
      expect((await faults())[1]?.samples.map(({ input }) => input).toSorted()).toEqual(['ab', 'cd']);
    });

    it('is told apart as far as there is room, and counted beyond', async () => {
      for (let batch = 0; batch < 11; batch += 1) {
        const signed = Array.from({ length: 50 }, (_, i) =>
          aReportedSignature({ id: hex(batch * 50 + i), samples: [] }),
        );
        const shapes = Array.from({ length: 200 }, (_, i): [number, number] => [batch * 200 + i, 1]);
        await count(ofInputs(50, 50, { signatures: signed, shapes }));
      }
      expect(await faults()).toHaveLength(500);
      expect((await totals())[0]?.sums.unsigned).toBe(50);
      expect(await store.run((tx) => sums.countShapes(tx, epoch))).toEqual({
        distinct: 2_000,
        singletons: 2_200,
        n: 2_200,
      });
      expect(OTHER_SHAPE).toBeLessThan(0);
    });

    it('keeps so many pairs of versions, those heard of last', async () => {
      const heard = Array.from({ length: 205 }, (_, i) =>
        arrived(aRunReport({ candidateVersion: `v${i}` }), at(43_200 + (i < 3 ? 1_000 : i))),
      );
      await store.run((tx) => intake.count(tx, heard));
      const kept = (await totals()).map(({ candidateVersion }) => candidateVersion);
      expect(kept).toHaveLength(200);
      expect(['v0', 'v2', 'v3', 'v7', 'v8', 'v204'].filter((version) => kept.includes(version))).toEqual([
        ...['v0', 'v2', 'v8', 'v204'],
      ]);
    });

    it('makes a run one to look at, until it is as it was', async () => {
      const touched = async (since: Date) =>
        (await store.run((tx) => sums.listTouched(tx, since))).find(({ runId }) => runId === run.id)?.state;
      expect(await touched(at(0))).toBeUndefined();
      await count(aRunReport());
      const state = await touched(noon);
      expect(state).toMatch(/^[0-9a-f]{32}$/u);
      expect(await touched(at(43_201))).toBeUndefined();
      await count(aRunReport());
      expect(await touched(noon)).not.toBe(state);
      await store.run((tx) => settings.save(tx, place, someRunSettings({ epoch: 2 }), noon));
      expect(await touched(noon)).toBeUndefined();
    });

    it('is as it was only in the same epoch, of the same versions, heard of at the same time', async () => {
      const stateOf = async (report: RunReport, moment = noon) => {
        await store.database.client.parallelRunTotal.deleteMany({ where: place });
        await store.run((tx) => intake.count(tx, [arrived(report, moment)]));
        const touched = await store.run((tx) => sums.listTouched(tx, moment));
        return touched.find(({ runId }) => runId === run.id)?.state;
      };
      const states = [
        await stateOf(aRunReport()),
        await stateOf(aRunReport(), at(43_201)),
        await stateOf(aRunReport({ candidateVersion: 'v9' })),
        await stateOf(aRunReport({ controlVersion: 'v9' })),
        await stateOf(aRunReport({ candidate: 'other' })),
      ];
      await store.run((tx) => settings.save(tx, place, someRunSettings({ epoch: 2 }), noon));
      states.push(await stateOf(aRunReport({ epoch: 2 })));
      expect(states).toEqual(states.map(() => expect.stringMatching(/^[0-9a-f]{32}$/u)));
      expect(new Set(states).size).toBe(states.length);
    });
  });

  describe('Certificates', () => {
    const statementOf = () => {
      const [demand, counted, shapes] = [aDemand(), someRunSums(449, 0), { distinct: 1, singletons: 0, n: 9 }];
      return { demand, rules: [], sums: counted, assessment: assess({ sums: counted, shapes, demand }) };
    };
    const stored = (overrides = {}) => {
      const { run: _run, environment: _environment, ...certificate } = aCertificate(statementOf(), { id: ids.next() });
      return { ...certificate, ...overrides };
    };
    const insert = (certificate: ReturnType<typeof stored>) =>
      store.run((tx) => certificates.insert(tx, place, certificate));

    it('stand once per pair, epoch and finding, and are given back to the last digit', async () => {
      const certificate = stored();
      expect(await insert(certificate)).toBe(true);
      expect(await insert(stored())).toBe(false);
      const refuted = stored({ finding: 'refuted' });
      expect(await insert(refuted)).toBe(true);
      expect(await store.run((tx) => certificates.listOfEpoch(tx, epoch))).toEqual([certificate, refuted]);
      const ofMany = await store.run((tx) => certificates.listOfEpochs(tx, [{ ...epoch, epoch: 99 }, epoch]));
      expect(ofMany).toEqual([certificate, refuted].map((each) => ({ ...each, runId: run.id })));
      expect(await store.run((tx) => certificates.listOfEpochs(tx, []))).toEqual([]);
      const page = (limit: number, after?: string) =>
        store.run((tx) => certificates.listPage(tx, place, { limit, after }));
      expect(await page(1)).toEqual([refuted, certificate]);
      expect(await page(9, refuted.id)).toEqual([certificate]);
    });

    it('are issued once, whoever finds first', async () => {
      const won = await Promise.all(Array.from({ length: 8 }, () => insert(stored())));
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it('are issued again once they are void', async () => {
      const [first, again] = [stored(), stored()];
      await insert(first);
      await store.run((tx) => certificates.void(tx, first.id, { at: noon, reason: 'v3 was heard of' }));
      expect([await insert(again), await insert(stored())]).toEqual([true, false]);
      expect((await store.run((tx) => certificates.listOfEpoch(tx, epoch))).map(({ id }) => id)).toEqual([
        ...[first.id, again.id],
      ]);
    });

    it('are voided once, for good, and never changed otherwise', async () => {
      const certificate = stored();
      await insert(certificate);
      const voided = { at: noon, reason: 'v3 was heard of' };
      const voidIt = () => store.run((tx) => certificates.void(tx, certificate.id, voided));
      expect([await voidIt(), await voidIt()]).toEqual([true, false]);
      expect(await store.run((tx) => certificates.listStanding(tx, [run.id]))).toEqual([]);
      const { client } = store.database;
      const forge = (data: object) => client.parallelRunCertificate.update({ where: { id: certificate.id }, data });
      await expect(forge({ voidedAt: null, voidReason: null })).rejects.toThrow('cannot be changed');
      const other = stored({ candidateVersion: 'v3' });
      await insert(other);
      const change = { where: { id: other.id }, data: { candidateVersion: 'v4', voidedAt: noon } };
      await expect(client.parallelRunCertificate.update(change)).rejects.toThrow('cannot be changed');
    });
  });

  describe('Retention', () => {
    const forgetAll = () =>
      store.run(async (tx) => {
        for (const table of ['totals', 'signatures', 'shapes'] as const) {
          await retention.forgetEpochs(tx, table, at(43_201), 1_000);
        }
        await retention.forgetVersions(tx, at(43_201), 1_000);
        await retention.forgetMinutes(tx, at(43_201), 1_000);
      });

    it('keeps what belongs to the current epoch, and forgets it when that is over', async () => {
      await count(aRunReport({ shapes: [[1, 1]], signatures: [aReportedSignature()] }));
      await forgetAll();
      expect([(await totals()).length, (await faults()).length]).toEqual([1, 1]);
      expect(await store.run((tx) => sums.listMinutes(tx, place, { from: at(0), to: at(86_400) }))).toEqual([]);
      await store.run((tx) => settings.save(tx, place, someRunSettings({ epoch: 2 }), noon));
      await forgetAll();
      expect([await totals(), await faults()]).toEqual([[], []]);
      expect(await store.run((tx) => sums.countShapes(tx, epoch))).toMatchObject({ n: 0 });
    });

    it('forgets versions that nobody runs any more, but for the newest', async () => {
      await store.run((tx) => intake.count(tx, [arrived(aRunReport({ candidateVersion: 'v1' }), at(1))]));
      await store.run((tx) => intake.count(tx, [arrived(aRunReport({ candidateVersion: 'v2' }), at(2))]));
      await forgetAll();
      expect((await totals()).map(({ candidateVersion }) => candidateVersion)).toEqual(['v2']);
    });
  });
}
