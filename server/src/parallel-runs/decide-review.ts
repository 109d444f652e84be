import { assess } from './assess.js';
import type { Assessment } from './assessment.js';
import type { Certificate } from './certificate.js';
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
  /** Of this epoch, voided ones too: no finding is made twice. */
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

/**
 * Decides what is to be found and what is void. Of each candidate the newest pair of versions alone is looked at; a
 * certificate of an older one says nothing of it, and a refutation ends a certificate of the same pair.
 */
export function decideReview(evidence: RunEvidence): readonly ReviewMove[] {
  return newestPairs(evidence.totals).flatMap((total) => {
    const ofCandidate = evidence.certificates.filter(({ candidate }) => candidate === total.candidate);
    const found = ofCandidate.filter((certificate) => isPair(certificate, total));
    const standing = ofCandidate.filter(({ finding, voidedAt }) => finding === 'certified' && voidedAt === null);
    const outdated = standing
      .filter((certificate) => !isPair(certificate, total))
      .map((certificate): ReviewMove => ({ kind: 'void', certificate, reason: newerHeardOf(certificate, total) }));
    if (found.some(({ finding }) => finding === 'refuted')) return outdated;
    const assessment = assess({ ...evidence, sums: total.sums });
    const { finding } = assessment;
    if (finding === 'undecided' || found.some((certificate) => certificate.finding === finding)) return outdated;
    const refuted = finding === 'refuted' ? standing.filter((certificate) => isPair(certificate, total)) : [];
    const reason = `Later inputs refuted it: ${assessment.sentence}`;
    return [
      ...outdated,
      ...refuted.map((certificate): ReviewMove => ({ kind: 'void', certificate, reason })),
      { kind: 'find', finding, total, assessment },
    ];
  });
}

/** How each candidate stands, by name. A refutation that was found stays, whatever came after it. */
export function standingsOf(evidence: RunEvidence): readonly CandidateStanding[] {
  return newestPairs(evidence.totals).map((total) => {
    const standing = evidence.certificates.filter((each) => isPair(each, total) && each.voidedAt === null);
    const certificate = standing.find(({ finding }) => finding === 'certified') ?? null;
    const refutation = standing.find(({ finding }) => finding === 'refuted');
    const { shapes } = evidence;
    const fresh = assess({ ...evidence, sums: total.sums });
    const assessment = refutation === undefined ? fresh : refutedFor(fresh, refutation);
    return { total, shapes, assessment, certificate };
  });
}

/** Of each candidate the pair of versions that was heard of last for the first time, by name of the candidate. */
export function newestPairs(totals: readonly RunTotal[]): readonly RunTotal[] {
  const newest = new Map<string, RunTotal>();
  for (const total of totals) {
    const known = newest.get(total.candidate);
    if (known === undefined || isNewer(total, known)) newest.set(total.candidate, total);
  }
  return [...newest.values()].sort((a, b) => (a.candidate < b.candidate ? -1 : 1));
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
