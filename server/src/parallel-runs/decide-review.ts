import { assess } from './assess.js';
import type { Assessment } from './assessment.js';
import type { Certificate } from './certificate.js';
import { groupBy } from './group-by.js';
import type { Demand } from './parallel-run.js';
import type { CandidateStanding } from './standing.js';
import type { RunTotal, VersionPair } from './sums.js';

/** How often structures of inputs were compared. */
export type ShapeCounts = CandidateStanding['shapes'];

/** All that is known of a run in its current epoch. */
export interface RunEvidence {
  readonly demand: Demand;
  readonly totals: readonly RunTotal[];
  readonly shapes: ShapeCounts;
  /** Of this epoch, voided ones too. */
  readonly certificates: readonly Certificate[];
}

/** What a look at the evidence asks for. */
export type ReviewMove =
  | { readonly kind: 'void'; readonly certificate: Certificate; readonly reason: string }
  | {
      readonly kind: 'find';
      readonly finding: Certificate['finding'];
      readonly total: RunTotal;
      readonly assessment: Assessment;
    };

/** A pair of versions is live while it is heard of so long, at most, before whichever was heard of last. */
const LIVE_MS = 300_000;

/**
 * Decides what is to be found and what is void. Every live pair of versions may be refuted, for services run it; only
 * the newest of a candidate is certified. A certificate of an older one says nothing of it, and a refutation ends a
 * certificate of the same pair. What was voided may be found again: services may go back to a version.
 */
export function decideReview(evidence: RunEvidence): readonly ReviewMove[] {
  return liveByCandidate(evidence.totals).flatMap(([newest, ...older]) => [
    ...voidOutdated(evidence, newest),
    ...older.toReversed().flatMap((total) => findOf(evidence, total, { isNewest: false })),
    ...findOf(evidence, newest, { isNewest: true }),
  ]);
}

/** How every live pair stands, in the order of livePairs. A refutation that was found stays, whatever came after it. */
export function standingsOf(evidence: RunEvidence): readonly CandidateStanding[] {
  return livePairs(evidence.totals).map((total) => {
    const standing = standingOf(evidence, total);
    const certificate = standing.find(({ finding }) => finding === 'certified') ?? null;
    const refutation = standing.find(({ finding }) => finding === 'refuted');
    const { shapes } = evidence;
    const fresh = assess({ ...evidence, sums: total.sums, versions: total });
    const assessment = refutation === undefined ? fresh : refutedFor(fresh, refutation);
    return { total, shapes, assessment, certificate };
  });
}

/**
 * The pairs of versions that services run, as far as reports tell: by name of the candidate, and of each the one that
 * was heard of last for the first time at the end.
 */
export function livePairs(totals: readonly RunTotal[]): readonly RunTotal[] {
  return liveByCandidate(totals).flatMap((live) => live.toReversed());
}

/** By name of the candidate, each with its newest pair first. */
function liveByCandidate(totals: readonly RunTotal[]): readonly (readonly [RunTotal, ...RunTotal[]])[] {
  const byCandidate = [...groupBy(totals, ({ candidate }) => candidate)].sort(([a], [b]) => (a < b ? -1 : 1));
  return byCandidate.flatMap(([, pairs]) => {
    const lastAt = Math.max(...pairs.map((pair) => pair.lastAt.getTime()));
    const live = pairs.filter((pair) => pair.lastAt.getTime() >= lastAt - LIVE_MS);
    const [newest, ...older] = live.sort((a, b) => (isNewer(a, b) ? -1 : 1));
    return newest === undefined ? [] : [[newest, ...older] as const];
  });
}

function voidOutdated({ totals, certificates }: RunEvidence, newest: RunTotal): readonly ReviewMove[] {
  return certificates
    .filter(({ candidate, finding, voidedAt }) => {
      return candidate === newest.candidate && finding === 'certified' && voidedAt === null;
    })
    .filter((certificate) => {
      const known = totals.find((total) => isPair(total, certificate));
      // Of what was forgotten nobody was heard for long.
      return known === undefined || isNewer(newest, known);
    })
    .map((certificate) => ({ kind: 'void', certificate, reason: newerHeardOf(certificate, newest) }));
}

/** What is to be found of a pair, unless it stands already. */
function findOf(
  evidence: RunEvidence,
  total: RunTotal,
  { isNewest }: { readonly isNewest: boolean },
): readonly ReviewMove[] {
  const standing = standingOf(evidence, total);
  if (standing.some(({ finding }) => finding === 'refuted')) return [];
  const assessment = assess({ ...evidence, sums: total.sums, versions: total });
  const { finding } = assessment;
  if (finding === 'undecided' || standing.some((certificate) => certificate.finding === finding)) return [];
  if (finding === 'certified' && !isNewest) return [];
  const reason = `Later inputs refuted it: ${assessment.sentence}`;
  // A certificate of an older pair is outdated anyway.
  const refuted = isNewest ? standing : [];
  return [
    ...refuted.map((certificate): ReviewMove => ({ kind: 'void', certificate, reason })),
    { kind: 'find', finding, total, assessment },
  ];
}

/** What was found of a pair and is not void. */
function standingOf({ certificates }: RunEvidence, pair: VersionPair): readonly Certificate[] {
  return certificates.filter((certificate) => isPair(certificate, pair) && certificate.voidedAt === null);
}

/** Two that were heard of in the same moment always come in the same order. */
function isNewer(one: RunTotal, other: RunTotal): boolean {
  const later = one.firstAt.getTime() - other.firstAt.getTime();
  return later > 0 || (later === 0 && versionsOf(one) > versionsOf(other));
}

function isPair(one: VersionPair, other: VersionPair): boolean {
  return one.candidate === other.candidate && versionsOf(one) === versionsOf(other);
}

function versionsOf({ controlVersion, candidateVersion }: VersionPair): string {
  return JSON.stringify([candidateVersion, controlVersion]);
}

function refutedFor(assessment: Assessment, { statement }: Certificate): Assessment {
  const { sentence, lacks } = statement.assessment;
  return { ...assessment, finding: 'refuted', sentence, lacks };
}

function newerHeardOf(before: VersionPair, { controlVersion, candidateVersion }: VersionPair): string {
  const changed = [
    before.candidateVersion === candidateVersion ? [] : [`version ${named(candidateVersion)} of the candidate`],
    before.controlVersion === controlVersion ? [] : [`version ${named(controlVersion)} of the control`],
  ].flat();
  return `It says nothing of ${changed.join(' and ')}, which services run by now.`;
}

function named(version: string): string {
  return version === '' ? 'without a name' : `"${version}"`;
}
