/** A value as it left its service. */
interface Redacted {
  readonly absent: boolean;
  readonly digest: string | null;
  readonly raw: string | null;
}

export interface SampledValue {
  readonly path: string;
  readonly control: Redacted;
  readonly candidate: Redacted;
}

/** What the old code and the new answered, path by path, for a diff. What was not there is left out. */
export interface SampleSides {
  readonly control: Readonly<Record<string, unknown>>;
  readonly candidate: Readonly<Record<string, unknown>>;
  /** Some values are shown by their digest alone. */
  readonly hasDigests: boolean;
}

export function sampleSides(values: readonly SampledValue[]): SampleSides {
  const side = (of: 'control' | 'candidate') =>
    Object.fromEntries(values.filter((value) => !value[of].absent).map((value) => [value.path, shown(value[of])]));
  return {
    control: side('control'),
    candidate: side('candidate'),
    hasDigests: values.some(({ control, candidate }) => isDigest(control) || isDigest(candidate)),
  };
}

function isDigest({ absent, raw }: Redacted): boolean {
  return !absent && raw === null;
}

function shown({ raw, digest }: Redacted): unknown {
  if (raw === null) return `digest ${digest ?? 'unknown'}`;
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}
