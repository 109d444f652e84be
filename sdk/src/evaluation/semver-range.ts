/** A version of Semantic Versioning 2.0.0; build metadata never matters. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly prerelease: readonly string[];
}

interface Comparator {
  readonly operator: '<' | '<=' | '>' | '>=' | '=';
  readonly version: Version;
}

/** Alternatives, each of comparators that must all hold. */
export type VersionRange = readonly (readonly Comparator[])[];

const NONE: readonly string[] = [];
const LOWEST: readonly string[] = ['0'];
const MAX_TEXT_LENGTH = 256;

const NUMBER = '(?:0|[1-9]\\d*)';
const IDENTIFIER = `(?:\\d*[a-zA-Z-][a-zA-Z0-9-]*|${NUMBER})`;
const SUFFIX = new RegExp(`^(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?(?:\\+[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)*)?$`);
const BUILD = /\+[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*/g;
const PART = `(${NUMBER}|[xX*])`;
const PARTIAL = `v?${PART}(?:\\.${PART}(?:\\.${PART}(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?)?)?`;
const SIMPLE = new RegExp(`^(\\^|~>?|[<>]=?|=|)${PARTIAL}$`);
const HYPHEN = new RegExp(`^(${PARTIAL}) - (${PARTIAL})$`);

/** Parses a version as npm does: three numbers, a leading `v` allowed; undefined for anything else. */
export function parseVersion(text: string): Version | undefined {
  if (text.length > MAX_TEXT_LENGTH) return undefined;
  const version = text.trim();
  let at = version.charCodeAt(0) === 118 ? 1 : 0;
  let major = 0;
  let minor = 0;
  for (let index = 0; index < 3; index += 1) {
    const start = at;
    let number = 0;
    for (let digit = version.charCodeAt(at) - 48; digit >= 0 && digit <= 9; digit = version.charCodeAt(at) - 48) {
      number = number * 10 + digit;
      at += 1;
    }
    const hasLeadingZero = at - start > 1 && version.charCodeAt(start) === 48;
    if (at === start || hasLeadingZero || number > Number.MAX_SAFE_INTEGER) return undefined;
    if (index === 2) return withSuffix(major, minor, number, version.slice(at));
    if (version.charCodeAt(at) !== 46) return undefined;
    at += 1;
    if (index === 0) major = number;
    else minor = number;
  }
  return undefined;
}

function withSuffix(major: number, minor: number, patch: number, suffix: string): Version | undefined {
  if (suffix === '') return { major, minor, patch, prerelease: NONE };
  const match = SUFFIX.exec(suffix);
  if (match === null) return undefined;
  return { major, minor, patch, prerelease: match[1] === undefined ? NONE : match[1].split('.') };
}

/**
 * Parses a range of npm's grammar (https://github.com/npm/node-semver#ranges): `||`, comparators, hyphen and
 * x-ranges, `~`, `^`. Undefined when it is not one.
 */
export function parseRange(text: string): VersionRange | undefined {
  const range: (readonly Comparator[])[] = [];
  for (const alternative of text.trim().replace(/\s+/g, ' ').split('||')) {
    const comparators = parseAlternative(alternative.replace(BUILD, '').trim());
    if (comparators === undefined) return undefined;
    range.push(comparators);
  }
  // As npm has it: beside an alternative that any release satisfies, no other counts, not even for its prereleases.
  const any = range.find(isAny);
  return any === undefined ? range : [any];
}

function isAny(comparators: readonly Comparator[]): boolean {
  return comparators.every(({ operator, version: { major, minor, patch, prerelease } }) => {
    return operator === '>=' && major + minor + patch === 0 && prerelease.length === 0;
  });
}

/**
 * Answers whether a version lies in a range, as npm's `satisfies` does without `includePrerelease`: a prerelease only
 * where a comparator of the same alternative names a prerelease of the same three numbers.
 */
export function satisfies(version: Version, range: VersionRange): boolean {
  for (const comparators of range) {
    if (holdAll(comparators, version) && (version.prerelease.length === 0 || admitsPrerelease(comparators, version))) {
      return true;
    }
  }
  return false;
}

function holdAll(comparators: readonly Comparator[], version: Version): boolean {
  for (const comparator of comparators) if (!holds(comparator, version)) return false;
  return true;
}

function holds(comparator: Comparator, version: Version): boolean {
  const order = compareVersions(version, comparator.version);
  switch (comparator.operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '=':
      return order === 0;
  }
}

function admitsPrerelease(comparators: readonly Comparator[], version: Version): boolean {
  return comparators.some(
    ({ version: named }) =>
      named.prerelease.length > 0 &&
      named.major === version.major &&
      named.minor === version.minor &&
      named.patch === version.patch,
  );
}

/** Negative when `a` precedes `b`, 0 when neither does; Semantic Versioning 2.0.0, item 11. */
function compareVersions(a: Version, b: Version): number {
  if (a.major !== b.major) return a.major < b.major ? -1 : 1;
  if (a.minor !== b.minor) return a.minor < b.minor ? -1 : 1;
  if (a.patch !== b.patch) return a.patch < b.patch ? -1 : 1;
  if (a.prerelease.length === 0 || b.prerelease.length === 0) return b.prerelease.length - a.prerelease.length;
  for (const [index, identifier] of a.prerelease.entries()) {
    const other = b.prerelease[index];
    if (other === undefined) return 1;
    const order = compareIdentifiers(identifier, other);
    if (order !== 0) return order;
  }
  return a.prerelease.length - b.prerelease.length;
}

function compareIdentifiers(a: string, b: string): number {
  if (a === b) return 0;
  const isNumber = /^\d+$/.test(a);
  if (isNumber !== /^\d+$/.test(b)) return isNumber ? -1 : 1;
  if (isNumber) return Number(a) - Number(b);
  return a < b ? -1 : 1;
}

function parseAlternative(text: string): readonly Comparator[] | undefined {
  const hyphen = HYPHEN.exec(text);
  if (hyphen !== null) {
    const from = partialOf(hyphen, 2);
    const to = partialOf(hyphen, 7);
    return isReadable(from) && isReadable(to) ? [...fromPartial(from), ...toPartial(to)] : undefined;
  }
  const comparators: Comparator[] = [];
  for (const token of text.replace(/(\^|~>?|[<>]=?|=) /g, '$1').split(' ')) {
    const parsed = token === '' ? [] : parseSimple(token);
    if (parsed === undefined) return undefined;
    comparators.push(...parsed);
  }
  return comparators;
}

/** A version whose last numbers may be open: undefined stands for `x`, `*` or nothing. */
interface Partial {
  readonly major: number | undefined;
  readonly minor: number | undefined;
  readonly patch: number | undefined;
  readonly prerelease: readonly string[];
  /** A number follows an open one, as in `1.x.3`. */
  readonly isOutOfOrder: boolean;
}

function partialOf(match: RegExpExecArray, at: number): Partial {
  const [major, minor, patch] = [match[at], match[at + 1], match[at + 2]].map((part) =>
    part === undefined || /^[xX*]$/.test(part) ? undefined : Number(part),
  );
  const prerelease = match[at + 3]?.split('.') ?? NONE;
  const isOutOfOrder = (major === undefined && minor !== undefined) || (minor === undefined && patch !== undefined);
  return { major, minor, patch, prerelease, isOutOfOrder };
}

function isReadable({ major = 0, minor = 0, patch = 0 }: Partial): boolean {
  return Math.max(major, minor, patch) < Number.MAX_SAFE_INTEGER;
}

function parseSimple(token: string): readonly Comparator[] | undefined {
  const match = SIMPLE.exec(token);
  if (match === null) return undefined;
  const partial = partialOf(match, 2);
  if (!isReadable(partial)) return undefined;
  const operator = match[1] ?? '';
  if (operator === '^') return caret(partial);
  if (operator.startsWith('~')) return tilde(partial);
  return partial.isOutOfOrder ? undefined : primitive(operator, partial);
}

const at = (
  operator: Comparator['operator'],
  major: number,
  minor: number,
  patch: number,
  prerelease: readonly string[] = NONE,
): Comparator => ({ operator, version: { major, minor, patch, prerelease } });

/** Below the first prerelease of a version, as npm spells an open upper bound: `<2.0.0-0`. */
const below = (major: number, minor: number, patch: number): Comparator => at('<', major, minor, patch, LOWEST);

function caret({ major, minor, patch, prerelease }: Partial): readonly Comparator[] {
  if (major === undefined) return [];
  if (minor === undefined) return [at('>=', major, 0, 0), below(major + 1, 0, 0)];
  const from = patch === undefined ? at('>=', major, minor, 0) : at('>=', major, minor, patch, prerelease);
  if (major > 0) return [from, below(major + 1, 0, 0)];
  if (minor > 0 || patch === undefined) return [from, below(0, minor + 1, 0)];
  return [from, below(0, 0, patch + 1)];
}

function tilde({ major, minor, patch, prerelease }: Partial): readonly Comparator[] {
  if (major === undefined) return [];
  if (minor === undefined) return [at('>=', major, 0, 0), below(major + 1, 0, 0)];
  return [
    patch === undefined ? at('>=', major, minor, 0) : at('>=', major, minor, patch, prerelease),
    below(major, minor + 1, 0),
  ];
}

function primitive(operator: string, { major, minor, patch, prerelease }: Partial): readonly Comparator[] {
  if (major === undefined) return operator === '<' || operator === '>' ? [below(0, 0, 0)] : [];
  const isOpen = minor === undefined || patch === undefined;
  const next: readonly [number, number, number] = minor === undefined ? [major + 1, 0, 0] : [major, minor + 1, 0];
  switch (operator) {
    case '<':
      return [isOpen ? below(major, minor ?? 0, 0) : at('<', major, minor, patch, prerelease)];
    case '<=':
      return [isOpen ? below(...next) : at('<=', major, minor, patch, prerelease)];
    case '>':
      return [isOpen ? at('>=', ...next) : at('>', major, minor, patch, prerelease)];
    case '>=':
      return [isOpen ? at('>=', major, minor ?? 0, 0) : at('>=', major, minor, patch, prerelease)];
    default:
      return isOpen ? [at('>=', major, minor ?? 0, 0), below(...next)] : [at('=', major, minor, patch, prerelease)];
  }
}

function fromPartial({ major, minor, patch, prerelease }: Partial): readonly Comparator[] {
  if (major === undefined) return [];
  if (minor === undefined || patch === undefined) return [at('>=', major, minor ?? 0, 0)];
  return [at('>=', major, minor, patch, prerelease)];
}

function toPartial({ major, minor, patch, prerelease }: Partial): readonly Comparator[] {
  if (major === undefined) return [];
  if (minor === undefined) return [below(major + 1, 0, 0)];
  if (patch === undefined) return [below(major, minor + 1, 0)];
  return [at('<=', major, minor, patch, prerelease)];
}
