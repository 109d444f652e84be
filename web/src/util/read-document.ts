import { placeOfPointer, type TextPlace } from './locate-pointer.js';
import { readJson, type Value } from './read-json.js';

/** What a text that is to be a document of the API turned out to be. */
export type ReadDocument =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'value';
      readonly value: Value;
      /** Where in the text is what a pointer (RFC 6901) names; where it has no such thing, the nearest around it. */
      readonly placeOf: (pointer: string) => TextPlace;
    }
  | { readonly kind: 'wrong'; readonly message: string; readonly place: TextPlace | undefined };

/** Reads a text of JSON; undefined where it is something else, or nothing that can be read. */
export function readJsonDocument(text: string): ReadDocument | undefined {
  const read = readJson(text);
  if (read.kind === 'wrong') return undefined;
  return read.kind === 'nothing' ? read : { ...read, placeOf: (pointer) => placeOfPointer(text, pointer) };
}

/** What is sent of a document; null, which is none, where it cannot be read: nothing is to be sent then. */
export function valueOf(read: ReadDocument): Value {
  return read.kind === 'value' ? read.value : null;
}

/** A document as JSON, however it was written, to be compared with one that is; as it was written where it cannot be read. */
export function asJson(text: string, read: ReadDocument): string {
  return read.kind === 'value' ? JSON.stringify(read.value, null, 2) : text;
}
