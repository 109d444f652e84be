import { pointer, type Problem, refuseWith } from '../kernel/errors.js';
import { addProblems, parsePart } from '../kernel/parse.js';
import { FULL_SHARE } from '../kernel/share.js';
import type { PolicyDocument } from './policy.js';
import { policyDocumentSchema, policyDraftSchema, policyEditSchema } from './policy-schema.js';
import { placeholdersIn } from './fill-parameters.js';

export interface PolicyDraft {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly document: PolicyDocument;
}

/** Arguments that every release fills in by itself. */
export const BUILT_IN_ARGUMENTS = ['project', 'environment', 'service', 'version', 'stableVersion', 'flag'] as const;

/** Reads a new policy; throws `invalid` with every problem. */
export function parsePolicyDraft(body: unknown): PolicyDraft {
  return read(policyDraftSchema, body);
}

/** Reads an edit; fields that are not given are absent. Throws `invalid` with every problem. */
export function parsePolicyEdit(body: unknown): Partial<PolicyDraft> {
  return read(policyEditSchema, body);
}

function read<T>(schema: Parameters<typeof parsePart<T>>[0], body: unknown): T {
  const problems: Problem[] = [];
  const parsed = parsePart(schema, body, '', problems);
  const { document } = (parsed ?? {}) as { document?: PolicyDocument };
  if (document !== undefined) addProblems(problems, policyProblems(document, '/document'));
  refuseWith(problems, 'policy');
  // Without problems there is a value.
  return parsed as T;
}

/** Completes a document that this product wrote; throws when it would refuse it from anybody else. */
export function completePolicy(document: unknown): PolicyDocument {
  const problems: Problem[] = [];
  // An optional field that is absent and one that is undefined are the same to JSON.
  const parsed = parsePart(policyDocumentSchema, document, '', problems) as PolicyDocument | undefined;
  if (parsed !== undefined) addProblems(problems, policyProblems(parsed, ''));
  refuseWith(problems, 'policy');
  return parsed as PolicyDocument;
}

/** What is wrong with a policy beyond its shape. */
export function policyProblems(document: PolicyDocument, at: string): readonly Problem[] {
  return [
    ...stepProblems(document, pointer(at, 'steps')),
    ...metricProblems(document, at),
    ...parameterProblems(document, at),
  ];
}

function stepProblems({ steps }: PolicyDocument, at: string): readonly Problem[] {
  const problems: Problem[] = [];
  steps.forEach(({ share }, index) => {
    const before = steps[index - 1];
    if (before === undefined || share > before.share) return;
    const message = `Shares must grow: this one is ${share} after ${before.share}.`;
    problems.push({ pointer: pointer(at, index, 'share'), code: 'SHARES_NOT_GROWING', message });
  });
  const last = steps.at(-1);
  if (last !== undefined && last.share !== FULL_SHARE) {
    const message = `The last step must be ${FULL_SHARE} (100 %): what is released is released to everybody.`;
    problems.push({ pointer: pointer(at, steps.length - 1, 'share'), code: 'LAST_STEP_PARTIAL', message });
  }
  return problems;
}

function metricProblems({ steps, metrics }: PolicyDocument, at: string): readonly Problem[] {
  const problems: Problem[] = [];
  const names = new Set<string>();
  metrics.forEach((metric, index) => {
    if (names.has(metric.name)) {
      const message = `Another metric is named "${metric.name}".`;
      problems.push({ pointer: pointer(at, 'metrics', index, 'name'), code: 'NAMED_TWICE', message });
    }
    names.add(metric.name);
  });
  steps.forEach(({ gates }, step) =>
    gates.forEach((gate, index) => {
      if (gate.kind !== 'analysis') return;
      gate.metrics.forEach((wanted, place) => {
        if (names.has(wanted)) return;
        const path = pointer(at, 'steps', step, 'gates', index, 'metrics', place);
        const message = `The policy has no metric "${wanted}"; it has ${[...names].join(', ') || 'none'}.`;
        problems.push({ pointer: path, code: 'METRIC_UNKNOWN', message });
      });
    }),
  );
  return problems;
}

function parameterProblems(document: PolicyDocument, at: string): readonly Problem[] {
  const known = new Set<string>([...BUILT_IN_ARGUMENTS, ...document.parameters.map(({ name }) => name)]);
  return [...placeholdersIn(document, at)].flatMap(({ name, pointer: path }) => {
    if (known.has(name)) return [];
    const message = `{{${name}}} is no parameter of this policy and none that every release has (${BUILT_IN_ARGUMENTS.join(', ')}).`;
    return [{ pointer: path, code: 'PARAMETER_UNKNOWN', message }];
  });
}
