/** The codings we hold bodies in, the smallest first. */
export const ENCODINGS = ['br', 'gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/**
 * The coding for an `Accept-Encoding` header (RFC 9110, 12.5.3): the one of the highest weight, the smallest among
 * equals; undefined sends the body as it is, also to those who accept nothing at all.
 */
export function chooseEncoding(header: string | undefined): Encoding | undefined {
  if (header === undefined) return undefined;
  const weights = parseWeights(header);
  const weightOf = (coding: string): number => weights.get(coding) ?? weights.get('*') ?? 0;
  const best = ENCODINGS.reduce((chosen, coding) => (weightOf(coding) > weightOf(chosen) ? coding : chosen));
  // Unless it is named, identity is only what remains.
  const isWorthIt = weightOf(best) > 0 && weightOf(best) >= (weights.get('identity') ?? 0);
  return isWorthIt ? best : undefined;
}

function parseWeights(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const item of header.split(',')) {
    const [coding = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const weight = q === undefined ? 1 : /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/u.test(q) ? Number(q) : 0;
    if (coding !== '') weights.set(coding === 'x-gzip' ? 'gzip' : coding, weight);
  }
  return weights;
}
