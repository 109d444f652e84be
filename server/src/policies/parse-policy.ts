import type { z } from 'zod';
import { pointer, type Problem, refuseWith } from '../kernel/errors.js';
import type { Json } from '../kernel/json.js';
import { addProblems, parsePart } from '../kernel/parse.js';
import { FULL_SHARE } from '../kernel/share.js';
import { declarationProblems, fillParameters, type PolicyParameter } from './fill-parameters.js';
import type { PolicyDocument } from './policy.js';
import { samplingAt } from './sampling-at.js';
import { policyDocumentSchema, policyDraftSchema, policyEditSchema } from './policy-schema.js';

/** What a policy's author writes. */
export interface PolicyDraft extends PolicyTemplate {
  readonly key: string;
  readonly name: string;
  readonly description: string;
}

/** A policy with what it leaves open. */
export interface PolicyTemplate {
  readonly parameters: readonly PolicyParameter[];
  /** As it was written: what it leaves out has a default, and `{ "parameter": "name" }` may stand for any value. */
  readonly document: Json;
}

/** Reads a new policy, and what it is with its defaults; throws `invalid` with every problem. */
export function parsePolicyDraft(body: unknown): PolicyDraft {
  const problems: Problem[] = [];
  // What zod calls JSON is ours too.
  const draft = parsePart(policyDraftSchema, body, '', problems) as PolicyDraft | undefined;
  if (draft !== undefined) parseOwnTemplate(draft, problems);
  refuseWith(problems, 'policy');
  // Without problems there is a draft.
  return draft as PolicyDraft;
}

/** Reads an edit of a policy: fields that are not given stay. Throws `invalid` with every problem. */
export function applyPolicyEdit<T extends PolicyDraft>(before: T, body: unknown): T {
  const problems: Problem[] = [];
  const edited = { ...before, ...parsePart(policyEditSchema, body, '', problems) } as T;
  parseOwnTemplate(edited, problems);
  refuseWith(problems, 'policy');
  return edited;
}

/** A policy with a release's arguments in it; throws `invalid` with every problem. */
export function completePolicy(template: PolicyTemplate, given: Readonly<Record<string, Json>>): PolicyDocument {
  const problems: Problem[] = [];
  const document = parseTemplate(template, given, problems);
  refuseWith(problems, 'policy with these arguments');
  // Without problems there is a document.
  return document as PolicyDocument;
}

/** As its author writes it. What was stored before it was looked at so closely still fills in. */
function parseOwnTemplate(template: PolicyTemplate, problems: Problem[]): void {
  addProblems(problems, declarationProblems(template.document, template.parameters));
  parseTemplate(template, {}, problems);
}

function parseTemplate(
  { document, parameters }: PolicyTemplate,
  given: Readonly<Record<string, Json>>,
  problems: Problem[],
): PolicyDocument | undefined {
  const filled = fillParameters(document, parameters, given, problems);
  // An optional field that is absent and one that is undefined are the same to JSON.
  const schema = policyDocumentSchema as unknown as z.ZodType<PolicyDocument>;
  const parsed = parsePart(schema, filled, '/document', problems);
  if (parsed !== undefined) addProblems(problems, policyProblems(parsed, '/document'));
  return parsed;
}

/** What is wrong with a policy beyond its shape. */
function policyProblems(document: PolicyDocument, at: string): readonly Problem[] {
  return [...stepProblems(document, pointer(at, 'steps')), ...metricProblems(document, at)];
}

function stepProblems({ steps }: PolicyDocument, at: string): readonly Problem[] {
  const problems: Problem[] = [];
  steps.forEach(({ share }, index) => {
    const before = steps[index - 1];
    if (before === undefined || share > before.share) return;
    // What is only sampled is served to nobody, or to no more than before.
    if (share === before.share && samplingAt(steps, index) > samplingAt(steps, index - 1)) return;
    const message = `Shares must grow, or sampling where they stay: this one is ${share} after ${before.share}.`;
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
