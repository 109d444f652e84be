import { z } from 'zod';

/** Makes identifiers: UUIDs that sort by time of creation. */
export abstract class Ids {
  abstract next(): string;
}

/** Whether a text is an identifier: what else is asked for by id there is none of, and the store would not take it. */
export function isId(text: string): boolean {
  return z.uuid().safeParse(text).success;
}
