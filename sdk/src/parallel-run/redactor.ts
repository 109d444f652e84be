import { createHmac } from 'node:crypto';
import { canonicalText, type Difference } from '../comparison/index.js';
import { hashAfter, hashPrefix, type HashPrefix } from '../evaluation/murmur3.js';
import { RAW_VALUE_LIMIT, type Redacted, type SampledValue } from './report.js';

const DIGEST_LENGTH = 16;

/**
 * Makes of values what may leave the process: digests, and primitives as JSON where a path is allowed. Whatever fails,
 * fails closed.
 */
export class Redactor {
  #levels: HashPrefix | undefined;

  constructor(
    private readonly digestKey: string,
    /** Whether the values at a path may leave as they are. */
    private readonly isRawPath: (path: string) => boolean,
  ) {}

  /** HMAC-SHA-256 under the run's key, 16 hexadecimal digits: equal texts have the same. */
  digest(text: string): string {
    return createHmac('sha256', this.digestKey).update(text).digest('hex').slice(0, DIGEST_LENGTH);
  }

  /**
   * The level of a fingerprint, see Mark: the same in every process that has the key. A fast hash whose seed is secret,
   * for every new input has a level, and a level tells next to nothing.
   */
  levelOf(fingerprint: string): number {
    this.#levels ??= hashPrefix('', Number.parseInt(this.digest('levels').slice(0, 8), 16));
    return Math.clz32(hashAfter(this.#levels, fingerprint));
  }

  /** Both sides of one difference. */
  redact({ path, kind, control, candidate }: Difference): SampledValue {
    const isAllowed = this.isRawPath(path);
    return {
      path,
      control: kind === 'extra' ? { absent: true } : this.#side(path, control, isAllowed),
      candidate: kind === 'missing' ? { absent: true } : this.#side(path, candidate, isAllowed),
    };
  }

  /** The place is in the digest: both sides of it compare, and those of two places do not. */
  #side(path: string, value: unknown, isAllowed: boolean): Redacted {
    const raw = isAllowed ? rawOf(value) : undefined;
    if (raw !== undefined) return { raw };
    try {
      return { digest: this.digest(`${path}\0${canonicalText(value)}`) };
    } catch {
      return { digest: '' };
    }
  }
}

/** Undefined where the value is an object or a list, of which nobody allowed what is in it, or has no JSON, or a long one. */
function rawOf(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null) return undefined;
  try {
    const json: unknown = JSON.stringify(value);
    return typeof json === 'string' && json.length <= RAW_VALUE_LIMIT ? json : undefined;
  } catch {
    return undefined;
  }
}
