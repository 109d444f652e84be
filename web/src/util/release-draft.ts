import { parseShare } from './share.js';

/** JSON, as documents of the API are. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A change of a release while it is written: what fields hold, '' where nothing was said. */
export type WrittenChange = WrittenFlagChange | WrittenServiceChange | WrittenRunChange;

export interface WrittenFlagChange {
  readonly kind: 'flag';
  readonly flag: string;
  /** The variation that the share is given; '' where nothing is ramped. */
  readonly variation: string;
  /** Id of the rule that is ramped; '' is the default serve. */
  readonly rule: string;
  readonly bucketBy: string;
  /** For everybody from the start. */
  readonly on: '' | 'on' | 'off';
  /** Variation of the default serve from the start; '' leaves it. */
  readonly serve: string;
  /** Of that variation, as it was typed; '' and 100 % are everybody. */
  readonly share: string;
  /** What the others are served then. */
  readonly rest: string;
  readonly retireAfterDays: string;
}

export interface WrittenServiceChange {
  readonly kind: 'service';
  readonly service: string;
  readonly version: string;
  /** Of the version, as it was reported. */
  readonly digest: string;
}

export interface WrittenRunChange {
  readonly kind: 'parallelRun';
  readonly run: string;
}

export const BEGINNINGS = ['now', 'draft', 'at'] as const;

/** A release while it is written. */
export interface ReleaseDraft {
  readonly name: string;
  readonly description: string;
  readonly changes: readonly WrittenChange[];
  readonly policy: string;
  /** By parameter, as typed; '' is its default. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly begin: (typeof BEGINNINGS)[number];
  /** Wall-clock time of the browser's zone. */
  readonly scheduledAt: string;
  readonly overrideRejection: string;
  /** Ordinary traffic where no history tells it: units per minute, and percent that go bad. */
  readonly unitsPerMinute: string;
  readonly badPercent: string;
}

export const EMPTY_RELEASE: ReleaseDraft = {
  ...{ name: '', description: '', changes: [], policy: 'standard', arguments: {}, begin: 'now' },
  ...{ scheduledAt: '', overrideRejection: '', unitsPerMinute: '', badPercent: '' },
};

export const EMPTY_CHANGES: { readonly [Kind in WrittenChange['kind']]: Extract<WrittenChange, { kind: Kind }> } = {
  flag: {
    ...{ kind: 'flag', flag: '', variation: '', rule: '', bucketBy: '' },
    ...{ on: '', serve: '', share: '', rest: '', retireAfterDays: '' },
  },
  service: { kind: 'service', service: '', version: '', digest: '' },
  parallelRun: { kind: 'parallelRun', run: '' },
};

/** What a link to the wizard may say. */
export interface ReleaseSeed {
  readonly policy: string;
  readonly flag: string;
  readonly service: string;
  readonly version: string;
  readonly run: string;
}

/** A draft with what a link says in it; the same link again changes nothing more. */
export function seeded(draft: ReleaseDraft, { policy, flag, service, version, run }: ReleaseSeed): ReleaseDraft {
  const wanted: readonly WrittenChange[] = [
    ...(flag === '' ? [] : [{ ...EMPTY_CHANGES.flag, flag }]),
    ...(service === '' ? [] : [{ ...EMPTY_CHANGES.service, service, version }]),
    ...(run === '' ? [] : [{ ...EMPTY_CHANGES.parallelRun, run }]),
  ];
  const known = new Set(draft.changes.map(subjectOf));
  const added = wanted.filter((change) => !known.has(subjectOf(change)));
  if (added.length === 0 && (policy === '' || policy === draft.policy)) return draft;
  return {
    ...draft,
    changes: [...draft.changes, ...added],
    ...(policy !== '' && policy !== draft.policy && { policy, arguments: {} }),
  };
}

function subjectOf(change: WrittenChange): string {
  switch (change.kind) {
    case 'flag':
      return `flag/${change.flag}`;
    case 'service':
      return `service/${change.service}`;
    case 'parallelRun':
      return `parallelRun/${change.run}`;
  }
}

/** Whether a change says all that it must; what else is wrong with it the server tells. */
export function isWhole(change: WrittenChange): boolean {
  switch (change.kind) {
    case 'flag':
      return change.flag !== '' && [change.variation, change.on, change.serve].some((each) => each !== '');
    case 'service':
      return change.service !== '' && change.version !== '';
    case 'parallelRun':
      return change.run !== '';
  }
}

/** A ReleaseDraft of the API. What cannot be read as it should be is sent as it was typed: the server says what is wrong. */
export function toReleaseDocument(
  draft: ReleaseDraft,
  { project, environment }: { readonly project: string; readonly environment: string },
): Json {
  const given = toArguments(draft);
  return {
    project,
    environment,
    ...said('name', draft.name),
    ...said('description', draft.description),
    changes: draft.changes.map(toChange),
    policy: draft.policy,
    ...(Object.keys(given).length > 0 && { arguments: given }),
    ...(draft.begin === 'now' && { start: true }),
    ...(draft.begin === 'at' && { scheduledAt: toInstant(draft.scheduledAt) }),
    ...said('overrideRejection', draft.overrideRejection),
  };
}

/** What is said of ordinary traffic, for a plan; of a service where the release is of one. */
export function toTraffic({
  changes,
  unitsPerMinute,
  badPercent,
}: Pick<ReleaseDraft, 'changes' | 'unitsPerMinute' | 'badPercent'>) {
  const services = new Set(changes.flatMap((change) => (change.kind === 'service' ? [change.service] : [])));
  const [service = ''] = services;
  const badRate = numberIn(badPercent);
  return {
    subject: services.size === 1 && service !== '' ? `service/${service}` : null,
    unitsPerMinute: numberIn(unitsPerMinute) ?? null,
    badRate: badRate === undefined ? null : badRate / 100,
  };
}

/** What parameters are given: JSON where it is JSON, else text. */
export function toArguments({ arguments: given }: ReleaseDraft): Readonly<Record<string, Json>> {
  const typed = Object.entries(given).filter(([, text]) => text.trim() !== '');
  return Object.fromEntries(typed.map(([name, text]) => [name, toArgument(text)]));
}

function toArgument(text: string): Json {
  try {
    return JSON.parse(text) as Json; // that is what it parses
  } catch {
    return text;
  }
}

/** A draft that was kept as text; undefined where it is none (of another version of the page). */
export function readKeptDraft(text: string | undefined): ReleaseDraft | undefined {
  if (text === undefined) return undefined;
  try {
    const kept = JSON.parse(text) as ReleaseDraft; // looked at below
    const isDraft = Object.entries(EMPTY_RELEASE).every(
      ([name, value]) => typeof kept[name as keyof ReleaseDraft] === typeof value,
    );
    return isDraft && Array.isArray(kept.changes) && kept.changes.every(isChange) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function isChange(change: WrittenChange): boolean {
  return change.kind in EMPTY_CHANGES && Object.keys(EMPTY_CHANGES[change.kind]).every((name) => name in change);
}

function toChange(change: WrittenChange): Json {
  switch (change.kind) {
    case 'parallelRun':
      return { kind: change.kind, run: change.run };
    case 'service': {
      const { kind, service, version, digest } = change;
      return { kind, service, version, ...said('digest', digest) };
    }
    case 'flag':
      return toFlagChange(change);
  }
}

function toFlagChange({
  kind,
  flag,
  variation,
  rule,
  bucketBy,
  on,
  retireAfterDays,
  ...rest
}: WrittenFlagChange): Json {
  const edit = { ...(on !== '' && { on: on === 'on' }), ...toServe(rest) };
  return {
    kind,
    flag: flag.trim(),
    ...(Object.keys(edit).length > 0 && { edit }),
    ...(variation !== '' && { ramp: { variation, ...said('rule', rule), ...said('bucketBy', bucketBy) } }),
    ...(retireAfterDays.trim() !== '' && { retireAfterDays: numberIn(retireAfterDays) ?? retireAfterDays }),
  };
}

const FULL_SHARE = 100_000;

function toServe({
  serve,
  share,
  rest,
}: Pick<WrittenFlagChange, 'serve' | 'share' | 'rest'>): Readonly<Record<string, Json>> {
  if (serve === '') return {};
  const part = share.trim() === '' ? FULL_SHARE : parseShare(share);
  if (part === FULL_SHARE) return { defaultServe: { variation: serve } };
  const shares = [
    { variation: serve, share: part ?? share },
    { variation: rest, share: FULL_SHARE - (part ?? 0) },
  ];
  return { defaultServe: { split: { shares } } };
}

function said(name: string, text: string): Readonly<Record<string, string>> {
  return text.trim() === '' ? {} : { [name]: text.trim() };
}

function numberIn(text: string): number | undefined {
  const number = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || Number.isNaN(number) ? undefined : number;
}

function toInstant(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}
