import { foldBy } from './fold-by.js';
import {
  addArmMeasurements,
  addOrdinaryMeasurements,
  type ArmMeasurement,
  minuteOf,
  type OrdinaryMeasurement,
} from './measurement.js';
import {
  addTracked,
  addUsage,
  type InstanceReport,
  type TelemetryReport,
  type TrackedSum,
  type UsageCount,
} from './telemetry-batch.js';

/** A report and where and when it arrived. */
export interface ArrivedReport {
  readonly environmentId: string;
  readonly receivedAt: Date;
  readonly report: TelemetryReport;
}

/** Something said of one environment. */
export type In<T> = T & { readonly environmentId: string };

/** What an instance says of itself, and when it was heard. */
export type HeardInstance = Omit<InstanceReport, 'isLeaving'> & {
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** When it said that it ends; absent while it has not. */
  readonly leftAt?: Date;
};

/** Measurements of an arm, and when the newest of them arrived. */
export type ArrivedArm = ArmMeasurement & { readonly lastAt: Date };

/** Ordinary traffic and the minute in which it was heard of. */
export type ArrivedMinute = OrdinaryMeasurement & { readonly minute: Date };

/** Many reports as one: of nothing in an environment are there two sums, and no instance occurs twice. */
export interface MergedReports {
  readonly usage: readonly In<UsageCount>[];
  readonly tracked: readonly In<TrackedSum>[];
  readonly arms: readonly In<ArrivedArm>[];
  readonly ordinary: readonly In<ArrivedMinute>[];
  readonly instances: readonly In<HeardInstance>[];
}

/** The first report of every batch, in the order of arrival. */
export function firstOfEachBatch<T extends ArrivedReport>(reports: readonly T[]): readonly T[] {
  return foldBy(
    reports,
    ({ environmentId, report }) => [environmentId, report.batchId],
    (first) => first,
  );
}

/** Sums reports that arrived in this order. For the sums the order means nothing, for instances it is that of hearing. */
export function mergeReports(reports: readonly ArrivedReport[]): MergedReports {
  return {
    usage: foldBy(
      reports.flatMap(({ environmentId, report }) => report.usage.map((each) => ({ ...each, environmentId }))),
      ({ environmentId, flagKey, variation }) => [environmentId, flagKey, variation],
      addUsage,
    ),
    tracked: foldBy(
      reports.flatMap(({ environmentId, report }) => report.tracked.map((each) => ({ ...each, environmentId }))),
      ({ environmentId, event }) => [environmentId, event],
      addTracked,
    ),
    arms: foldBy(
      reports.flatMap(({ environmentId, receivedAt, report }) =>
        report.arms.map((each) => ({ ...each, environmentId, lastAt: receivedAt })),
      ),
      ({ environmentId, rolloutId, subject, arm, metric }) => [environmentId, rolloutId, subject, arm, metric],
      addArrived,
    ),
    ordinary: foldBy(
      reports.flatMap(({ environmentId, receivedAt, report }) =>
        report.ordinary.map((each) => ({ ...each, environmentId, minute: minuteOf(receivedAt) })),
      ),
      ({ environmentId, subject, metric, minute }) => [environmentId, subject, metric, minute],
      addOrdinaryMeasurements,
    ),
    instances: foldBy(
      reports.map(({ environmentId, receivedAt, report }) => {
        const { isLeaving, ...said } = report.instance;
        const times = { firstSeenAt: receivedAt, lastSeenAt: receivedAt, ...(isLeaving && { leftAt: receivedAt }) };
        return { ...said, environmentId, ...times };
      }),
      ({ environmentId, id }) => [environmentId, id],
      hearAgain,
    ),
  };
}

function addArrived(one: In<ArrivedArm>, other: In<ArrivedArm>): In<ArrivedArm> {
  return { ...addArmMeasurements(one, other), lastAt: one.lastAt > other.lastAt ? one.lastAt : other.lastAt };
}

/** What is known of an instance after one more report; the store, which knows earlier ones, goes by the same rule. */
function hearAgain(known: In<HeardInstance>, said: In<HeardInstance>): In<HeardInstance> {
  const { revision, revisionAppliedAt } = isNewer(said, known) ? said : known;
  const leftAt = known.leftAt ?? said.leftAt;
  return {
    ...said,
    revision,
    revisionAppliedAt,
    firstSeenAt: known.firstSeenAt,
    lastSeenAt: said.lastSeenAt > known.lastSeenAt ? said.lastSeenAt : known.lastSeenAt,
    // Its last report may overtake others: who left stays away.
    ...(leftAt && { leftAt }),
  };
}

/**
 * Reports may overtake each other: a revision gives way to a higher one, or to a lower one that was applied later (a
 * restored store counts anew). The same revision keeps the time it was first reported with.
 */
function isNewer(said: InstanceReport, known: InstanceReport): boolean {
  if (known.revision === null || known.revisionAppliedAt === null) return true;
  if (said.revision === null || said.revisionAppliedAt === null) return false;
  if (said.revision > known.revision) return true;
  return said.revision < known.revision && said.revisionAppliedAt > known.revisionAppliedAt;
}
