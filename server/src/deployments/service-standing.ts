import { FULL_SHARE } from '../kernel/share.js';
import type { Deployment } from './deployment.js';
import type { TrafficContent } from './service-traffic.js';

/** More versions than anybody runs side by side: beyond, removals were not reported. */
const MAX_LISTED = 50;

/** What a service is, wants to be and says of itself in one environment. */
export interface ServiceStanding {
  /** Where callers are to be sent; null: no version was ever installed. */
  readonly desired: TrafficContent | null;
  /** The versions installed so far as CI reported, the newest first; at most 50. */
  readonly installed: readonly InstalledVersion[];
  /** How many more are installed than are listed. */
  readonly unlisted: number;
  /** The versions that instances with an SDK report now. */
  readonly running: readonly RunningVersion[];
  /** Where these disagree, in sentences for people; none: they agree. */
  readonly drift: readonly string[];
}

export type InstalledVersion = Pick<Deployment, 'version' | 'digest' | 'url' | 'reportedBy' | 'at'>;

/** A version, null where instances do not know theirs, and how many instances report it. */
export interface RunningVersion {
  readonly version: string | null;
  readonly instances: number;
}

/** Puts side by side what is desired, installed and running. `newest`: the last report of each version, newest first. */
export function standingOf(
  desired: TrafficContent | null,
  newest: readonly Deployment[],
  running: readonly RunningVersion[],
): ServiceStanding {
  const installed = newest.filter(({ state }) => state === 'installed');
  return {
    desired,
    installed: installed
      .slice(0, MAX_LISTED)
      .map(({ version, digest, url, reportedBy, at }) => ({ version, digest, url, reportedBy, at })),
    unlisted: Math.max(0, installed.length - MAX_LISTED),
    running,
    drift: driftOf(
      desired,
      installed.map(({ version }) => version),
      running.flatMap(({ version }) => version ?? []),
    ),
  };
}

function driftOf(
  desired: TrafficContent | null,
  installed: readonly string[],
  running: readonly string[],
): readonly string[] {
  const wanted = wantedOf(desired);
  const missing = wanted
    .filter(({ version }) => !installed.includes(version))
    .map(({ version, share }) => `${version} is to get ${percentOf(share)} of the callers, but is not installed.`);
  const idle = installed.filter((version) => !wanted.some((other) => other.version === version));
  const stray = running.filter((version) => !installed.includes(version));
  return [
    ...missing,
    ...sentence(idle, 'installed and gets no callers; release it, or report it as removed once it is gone.'),
    ...sentence(stray, 'running, as its instances report, but CI did not report it as installed.'),
  ];
}

function wantedOf(desired: TrafficContent | null): readonly { readonly version: string; readonly share: number }[] {
  if (desired === null) return [];
  const { stable, candidate } = desired;
  if (candidate === null) return [{ version: stable.version, share: FULL_SHARE }];
  return [
    { version: stable.version, share: FULL_SHARE - candidate.share },
    { version: candidate.version, share: candidate.share },
  ];
}

const MAX_NAMED = 5;

/** One sentence for all versions of which the same is to be said. */
function sentence(versions: readonly string[], said: string): readonly string[] {
  if (versions.length === 0) return [];
  const named = versions.slice(0, MAX_NAMED).join(', ');
  const rest = versions.length > MAX_NAMED ? ` and ${versions.length - MAX_NAMED} more` : '';
  return [versions.length === 1 ? `${named} is ${said}` : `Each of ${named}${rest} is ${said}`];
}

/** `12.5 %` of a share; thousandths of a percent are exact. */
function percentOf(share: number): string {
  return `${share / 1_000} %`;
}
