import { isSame } from './same.js';

/** An edit that is not stored: what it began from, and the fields that differ from that. */
export interface Draft<T> {
  /** Of what it began from: what the server is told to expect. */
  readonly version: number;
  readonly base: T;
  readonly changes: Partial<T>;
}

/**
 * What would be stored: over what the draft began from or, given in its place, over what is stored now. There the fields
 * that the draft leaves alone are as somebody else left them.
 */
export function contentOf<T>({ base, changes }: Pick<Draft<T>, 'base' | 'changes'>): T {
  return { ...base, ...changes };
}

/** The draft after one more edit; undefined where nothing differs any more from what it began from. */
export function edited<T extends object>(draft: Draft<T>, edit: Partial<T>): Draft<T> | undefined {
  const after = { ...draft.changes, ...edit };
  const differing = Object.entries(after).filter(
    ([name, value]) => !isSame(value, (draft.base as Readonly<Record<string, unknown>>)[name]),
  );
  // Fields of what was given, each with its value.
  return differing.length === 0 ? undefined : { ...draft, changes: Object.fromEntries(differing) as Partial<T> };
}

interface Complaint {
  readonly message: string;
  readonly pointer: string | null;
}

/** What is wrong with a document that was sent, at the innermost objects that are wrong. */
export interface PlacedComplaints {
  /** Found by the object itself: it keeps its complaints wherever it moves to, until it is edited. */
  readonly at: ReadonlyMap<object, readonly string[]>;
  /** Of the document as a whole. */
  readonly rest: readonly string[];
}

/** Brings each complaint to the innermost object within the document that its pointer (RFC 6901) leads through. */
export function placeComplaints(sent: object, complaints: readonly Complaint[]): PlacedComplaints {
  const at = new Map<object, readonly string[]>();
  const rest: string[] = [];
  for (const { message, pointer } of complaints) {
    const place = innermost(sent, pointer ?? '');
    if (place === sent) rest.push(message);
    else at.set(place, [...(at.get(place) ?? []), message]);
  }
  return { at, rest };
}

function innermost(sent: object, pointer: string): object {
  let found = sent;
  let value: unknown = sent;
  for (const token of pointer.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) break;
    value = (value as Readonly<Record<string, unknown>>)[token.replaceAll('~1', '/').replaceAll('~0', '~')];
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) found = value;
  }
  return found;
}
