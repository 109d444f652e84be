/** What of a metric with a `web` provider is read here. */
export interface WebMetric {
  readonly successCondition?: string;
  readonly failureCondition?: string;
  readonly provider: {
    readonly web: {
      readonly url: string;
      readonly timeoutSeconds?: number;
      readonly headers?: readonly { readonly key: string; readonly value: string }[];
      readonly jsonPath?: string;
    };
  };
}

export type Phase = 'Successful' | 'Failed' | 'Inconclusive' | 'Error';

/**
 * Measures once as Argo Rollouts 1.9.1 does: arguments filled in, ten seconds, 2xx or an error; what the path finds is
 * `result`. Of two conditions the failing one wins, and neither is Inconclusive; of one, what it does not say is the other.
 * Only the paths and conditions that the documentation uses are understood: anything else throws.
 */
export async function measure(
  { successCondition, failureCondition, provider: { web } }: WebMetric,
  args: Readonly<Record<string, string>>,
  sluice: string,
): Promise<Phase> {
  const filled = (text: string): string =>
    text.replaceAll(/\{\{\s*args\.([\w-]+)\s*\}\}/gu, (_all, name: string) => {
      const value = args[name];
      if (value === undefined) throw new Error(`There is no argument ${name}.`);
      return value;
    });
  const url = filled(web.url);
  const { pathname, search } = new URL(url);
  const headers = Object.fromEntries((web.headers ?? []).map(({ key, value }) => [key, filled(value)]));
  const signal = AbortSignal.timeout((web.timeoutSeconds ?? 10) * 1_000);
  const answer = await fetch(sluice + pathname + search, { headers, signal }).catch(() => undefined);
  if (answer?.ok !== true) return 'Error';
  const result = found(await answer.json(), web.jsonPath ?? '{$}');
  if (result === undefined) return 'Error';
  const [succeeds, fails] = [successCondition, failureCondition].map((each) => each && holds(each, result));
  if (fails === true) return 'Failed';
  if (succeeds === true) return 'Successful';
  if (successCondition !== undefined && failureCondition !== undefined) return 'Inconclusive';
  return successCondition === undefined ? 'Successful' : 'Failed';
}

/** `{$.data.ok}` in Kubernetes' JSONPath. */
function found(json: unknown, jsonPath: string): unknown {
  const path = /^\{\$((?:\.\w+)*)\}$/u.exec(jsonPath)?.[1];
  if (path === undefined) throw new Error(`This JSONPath is not understood: ${jsonPath}`);
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      json,
    );
}

/** `result == true`, `result.verdict == "pass"`. */
function holds(condition: string, result: unknown): boolean {
  const [, path, literal] = /^result((?:\.\w+)*) == (true|"\w+")$/u.exec(condition) ?? [];
  if (path === undefined || literal === undefined) throw new Error(`This condition is not understood: ${condition}`);
  return found(result, `{$${path}}`) === JSON.parse(literal);
}
