import type { Snapshot } from '@sluice/sdk/evaluation';
import type { AsyncOperation, Operation } from '../measure.js';
import type { Person } from '../scenario-flags.js';

/** A library under test: how it is fed. */
export interface Peer {
  /** The flags in the form in which the library is given them. */
  readonly write: (snapshot: Snapshot) => string;
  /** From that text to ready. */
  readonly start: (text: string) => Promise<Subject> | Subject;
  /** It answers for all flags whatever was asked, and is therefore given none but those. */
  readonly isAllOrNothing?: boolean;
  /** Scenarios that it has no form for, with the reason. */
  readonly missing?: Readonly<Record<string, string>>;
}

/** A library with its flags, ready to answer. */
export interface Subject {
  /** Key of the variation that a person gets. */
  readonly variation: (key: string, person: Person) => Promise<string | undefined>;
  /** The same for all flags at once, as the library does that. */
  readonly variations: (keys: readonly string[], person: Person) => Promise<readonly (string | undefined)[]>;
  readonly one: (key: string, persons: readonly Person[]) => Operation | AsyncOperation;
  readonly all: (keys: readonly string[], persons: readonly Person[]) => Operation | AsyncOperation;
  readonly close: () => unknown;
}

/** What an adapter says of its library. Contexts are made beforehand, in the library's own form. */
interface Door<Context, Answer, All> {
  readonly toContext: (person: Person) => Context;
  /** Asks for one flag in the quickest way that the library offers. */
  readonly ask: (key: string) => (context: Context) => Answer;
  readonly askAll: (keys: readonly string[]) => (context: Context) => All;
  /** The variation of an answer. */
  readonly read: (answer: Awaited<Answer>) => string | undefined;
  readonly readAll: (answers: Awaited<All>, keys: readonly string[]) => readonly (string | undefined)[];
  readonly close?: () => unknown;
}

/** A library that answers at once. */
export function subject<Context, Answer, All>(door: Door<Context, Answer, All>): Subject {
  const inTurn = <T>(ask: (context: Context) => T, persons: readonly Person[]): Operation => {
    const contexts = persons.map(door.toContext);
    return (count) => {
      let answers = 0;
      for (let i = 0; i < count; i += 1) {
        const context = contexts[i & 1023];
        if (context !== undefined && ask(context) !== undefined) answers += 1;
      }
      return answers;
    };
  };
  return {
    ...checksOf(door),
    one: (key, persons) => inTurn(door.ask(key), persons),
    all: (keys, persons) => inTurn(door.askAll(keys), persons),
  };
}

/** A library whose answers are promises. */
export function asyncSubject<Context, Answer, All>(door: Door<Context, Promise<Answer>, Promise<All>>): Subject {
  const inTurn = <T>(ask: (context: Context) => Promise<T>, persons: readonly Person[]): AsyncOperation => {
    const contexts = persons.map(door.toContext);
    return async (count) => {
      let answers = 0;
      for (let i = 0; i < count; i += 1) {
        const context = contexts[i & 1023];
        if (context !== undefined && (await ask(context)) !== undefined) answers += 1;
      }
      return answers;
    };
  };
  return {
    ...checksOf(door),
    one: (key, persons) => inTurn(door.ask(key), persons),
    all: (keys, persons) => inTurn(door.askAll(keys), persons),
  };
}

function checksOf<Context, Answer, All>(
  door: Door<Context, Answer, All>,
): Pick<Subject, 'variation' | 'variations' | 'close'> {
  const { toContext, ask, askAll, read, readAll, close = () => undefined } = door;
  return {
    variation: async (key, person) => read(await ask(key)(toContext(person))),
    variations: async (keys, person) => readAll(await askAll(keys)(toContext(person)), keys),
    close,
  };
}
