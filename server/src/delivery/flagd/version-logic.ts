import { parseRange } from '@sluice/sdk/evaluation';
import { all, any, isText, type Logic, not } from './json-logic.js';
import { NOWHERE } from './variable.js';

type Alternative = NonNullable<ReturnType<typeof parseRange>>[number];

/** Characters with which a text is no partial version any more. */
const IN_NO_PARTIAL = ['+', ' ', '\t', '\n', '\r'];

/**
 * Whether an attribute that is no list lies in any of some ranges of npm's grammar; undefined when one is no range.
 *
 * `sem_ver` orders versions as npm does, but takes more for versions, and knows nothing of npm's rule for prereleases:
 * they count only where the range names one of the same three numbers. Two differences are left: a text of 255 or 256
 * characters is no version here, and a hyphen in build metadata is taken for a prerelease's.
 */
export function isVersionIn(subject: Logic, ranges: readonly string[]): Logic | undefined {
  const parsed = ranges.map(parseRange);
  if (parsed.includes(undefined)) return undefined;
  const alternatives = parsed.flatMap((range) => range ?? []);
  return all(
    isText(subject),
    not({ starts_with: [subject, 'V'] }),
    not({ starts_with: [subject, 'vv'] }),
    any(...alternatives.map((comparators) => satisfies(subject, comparators))),
  );
}

function satisfies(subject: Logic, comparators: Alternative): Logic {
  const version = wholeVersion(subject);
  const compare = (operator: string, other: Logic): Logic => ({ sem_ver: [version, operator, other] });
  const isPrerelease: Logic = { in: ['-', subject] };
  const named = comparators.filter(({ version: { prerelease } }) => prerelease.length > 0);
  const admitted = named.map(({ version: { major, minor, patch } }) =>
    all(compare('>=', `${major}.${minor}.${patch}-0`), compare('<', `${major}.${minor}.${patch}`)),
  );
  const bounds = comparators.map(({ operator, version: { major, minor, patch, prerelease } }) => {
    const suffix = prerelease.length === 0 ? '' : `-${prerelease.join('.')}`;
    return compare(operator, `${major}.${minor}.${patch}${suffix}`);
  });
  // Without bounds, any version; only a version equals itself.
  const isWithin = bounds.length === 0 ? compare('=', version) : all(...bounds);
  return all(any(not(isPrerelease), ...admitted), isWithin);
}

/**
 * `sem_ver` takes "1.2" for 1.2.0, npm for no version: build metadata, which never counts, makes it none. The schema
 * lets `sem_ver` look at a `var` only, so this is one that is never there, with the text as its default.
 */
function wholeVersion(subject: Logic): Logic {
  const isNoPartial: Logic = { or: IN_NO_PARTIAL.map((part) => ({ in: [part, subject] })) };
  return { var: [NOWHERE, { cat: [subject, { if: [isNoPartial, '', '+s'] }] }] };
}
