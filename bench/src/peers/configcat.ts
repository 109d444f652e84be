import { getClient, LogLevel, createConsoleLogger, PollingMode, User, UserComparator } from 'configcat-node';
import type { Snapshot, SnapshotFlag } from '@sluice/sdk/evaluation';
import { type Part, type RuleShape, shapeOf } from './shape.js';
import { asyncSubject, type Peer, subject, type Subject } from './subject.js';

const COMPARATORS = {
  in: UserComparator.TextIsOneOf,
  endsWith: UserComparator.TextEndsWithAnyOf,
  lessThan: UserComparator.NumberLess,
} as const;

let clients = 0;

/** ConfigCat's SDK offline, from what its cache holds. One flag is asked for of a snapshot, which answers at once. */
export const configcat: Peer = {
  write: (snapshot) =>
    JSON.stringify({
      p: { u: 'http://configcat.invalid', r: 0, s: 'bench' },
      s: snapshot.segments.map(segmentOf),
      f: Object.fromEntries(snapshot.flags.map((flag) => [flag.key, settingOf(flag)])),
    }),
  start: async (text) => {
    const cached = `${Date.now()}\n"bench"\n${text}`;
    clients += 1;
    // Of the form that its keys have; clients of one key are one.
    const key = `configcat-sdk-1/${'b'.repeat(22)}/${String(clients).padStart(22, '0')}`;
    const client = getClient(key, PollingMode.ManualPoll, {
      offline: true,
      logger: createConsoleLogger(LogLevel.Error),
      cache: { get: () => cached, set: () => undefined },
    });
    await client.forceRefreshAsync();
    await client.waitForReady();
    const flags = client.snapshot();
    const toContext = ({ targetingKey, email, country, ...rest }: Parameters<Subject['variation']>[1]): User =>
      new User(targetingKey, email, country, { ...rest });
    const close = (): void => client.dispose();
    const single = subject({
      toContext,
      ask: (asked) => (user) => flags.getValue(asked, 'fallback', user),
      askAll: () => () => undefined,
      read: (variation) => variation,
      readAll: () => [],
      close,
    });
    const bulk = asyncSubject({
      toContext,
      ask: (asked) => async (user) => flags.getValue(asked, 'fallback', user),
      askAll: () => (user) => client.getAllValuesAsync(user),
      read: (variation) => variation,
      readAll: (answers, keys) => {
        const values = new Map(answers.map(({ settingKey, settingValue }) => [settingKey, settingValue]));
        return keys.map((asked) => String(values.get(asked)));
      },
    });
    return { ...single, variations: bulk.variations, all: bulk.all };
  },
};

function settingOf(flag: SnapshotFlag): object {
  const { rules, otherwise } = shapeOf(flag);
  const isSplit = typeof otherwise !== 'string';
  return {
    t: 1,
    v: { s: isSplit ? 'off' : otherwise },
    r: rules.map((rule) => ({ c: [conditionOf(rule)], s: { v: { s: 'on' } } })),
    ...(isSplit ? { a: 'Identifier', p: otherwise.map(percentageOf) } : {}),
  };
}

function percentageOf({ variation, percent }: Part): object {
  return { p: percent, v: { s: variation } };
}

function conditionOf({ attribute, operator, values }: RuleShape): object {
  if (operator === 'inSegment') return { s: { s: 0, c: 0 } };
  const a = attribute === 'country' || attribute === 'email' ? capitalised(attribute) : attribute;
  return { u: { a, c: COMPARATORS[operator], ...(operator === 'lessThan' ? { d: values[0] } : { l: values }) } };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function segmentOf({ key, included }: Snapshot['segments'][number]): object {
  return { n: key, r: [{ a: 'Identifier', c: UserComparator.TextIsOneOf, l: included }] };
}
