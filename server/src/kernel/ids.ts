/** Makes identifiers: UUIDs that sort by time of creation. */
export abstract class Ids {
  abstract next(): string;
}
