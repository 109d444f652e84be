/** Something that names a thing, as the API says it: `flag/new-cart in production`, `segment/staff`. */
export interface Use {
  /** `flag`, `segment`, `release`; '' where it is said otherwise. */
  readonly kind: string;
  readonly key: string;
  readonly environment: string | undefined;
}

/** Reads a use; what is not said as expected is its own key. Keys of flags may hold slashes, but no spaces. */
export function readUse(text: string): Use {
  const {
    kind = '',
    key = text,
    environment,
  } = /^(?<kind>[a-z-]+)\/(?<key>\S+)(?: in (?<environment>\S+))?$/u.exec(text)?.groups ?? {};
  return { kind, key, environment };
}
