import { foldBy } from './fold-by.js';

/** An SDK client in a running process, as its reports show it. */
export interface SdkInstance {
  readonly id: string;
  readonly name: string;
  readonly sdk: string;
  /** The revision it serves; null before its first snapshot. */
  readonly revision: number | null;
  readonly revisionAppliedAt: Date | null;
  /** Key of the service it is an instance of; null where it was not told. */
  readonly service: string | null;
  readonly serviceVersion: string | null;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** When it said that it ends; nobody waits for it since. */
  readonly leftAt: Date | null;
}

export type InstanceStanding = SdkInstance & {
  /** It serves the environment's revision, or one that is newer than this answer. */
  readonly isCurrent: boolean;
  /** It has stopped reporting without a word: killed, cut off, or stuck. */
  readonly isSilent: boolean;
};

/** How far an environment's revision has come. Silent instances are counted apart, those that left not at all. */
export interface Reach {
  readonly environmentRevision: number;
  /** Instances that report. */
  readonly instances: number;
  /** Those of them that are current. */
  readonly current: number;
  readonly silent: number;
}

/** An instance with nothing to tell reports once in 60 s, give or take a fifth and its interval. */
const SILENT_AFTER_MS = 90_000;
/** Instances silent for longer are not listed; most belong to processes that ended. */
const LISTED_FOR_MS = 3_600_000;

/** Instances last seen before this are silent. */
export function silentBefore(now: Date): Date {
  return new Date(now.getTime() - SILENT_AFTER_MS);
}

/** Instances last seen before this are not listed. */
export function unlistedBefore(now: Date): Date {
  return new Date(now.getTime() - LISTED_FOR_MS);
}

/** Judges an instance beside its environment's revision. */
export function standingOf(instance: SdkInstance, environmentRevision: number, now: Date): InstanceStanding {
  return {
    ...instance,
    isCurrent: instance.revision !== null && instance.revision >= environmentRevision,
    isSilent: instance.leftAt === null && instance.lastSeenAt < silentBefore(now),
  };
}

/** How many instances of an environment serve one revision; null: none yet. */
export interface RevisionCount {
  readonly environmentId: string;
  readonly revision: number | null;
  readonly isReporting: boolean;
  readonly count: number;
}

/** Instances of an environment by how they stand: those that report and serve its revision, or do not yet; the silent. */
export function standingsAt(
  revision: number,
  counts: readonly RevisionCount[],
): Readonly<Record<'current' | 'behind' | 'silent', number>> {
  const standings = { current: 0, behind: 0, silent: 0 };
  for (const each of counts) {
    const isCurrent = each.revision !== null && each.revision >= revision;
    standings[!each.isReporting ? 'silent' : isCurrent ? 'current' : 'behind'] += each.count;
  }
  return standings;
}

/** An instance that does not serve a revision yet. */
export type Laggard = Pick<SdkInstance, 'id' | 'name' | 'revision'>;

/** One version of a service, and the instances that say they are of it. */
export interface ReportedVersion {
  readonly service: string;
  /** Null: instances that know their service, but not their version. */
  readonly version: string | null;
  /** In order of id. */
  readonly instances: readonly { readonly id: string; readonly name: string }[];
}

/** What instances say of their services, by version; in order of service and version. Others are left out. */
export function versionsOf(
  instances: readonly Pick<SdkInstance, 'id' | 'name' | 'service' | 'serviceVersion'>[],
): readonly ReportedVersion[] {
  const said = instances.flatMap(({ id, name, service, serviceVersion }) =>
    service === null ? [] : [{ service, version: serviceVersion, instances: [{ id, name }] }],
  );
  const versions = foldBy<ReportedVersion>(
    said,
    ({ service, version }) => [service, version],
    (one, other) => ({ ...one, instances: [...one.instances, ...other.instances] }),
  );
  return versions.toSorted(
    (a, b) => compareText(a.service, b.service) || compareText(a.version ?? '', b.version ?? ''),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
