import type { z } from 'zod';
import { pointer, type Problem, refuseWith } from '../kernel/errors.js';
import { addProblems, parseInput, parsePart } from '../kernel/parse.js';
import type { BrokenActions, GuardrailDefinition } from './guardrail.js';
import { acknowledgementDraftSchema, guardrailDraftSchema, guardrailEditSchema } from './guardrail-schema.js';

/** What the author of a new guardrail writes. */
export interface GuardrailDraft extends GuardrailDefinition {
  readonly key: string;
  /** Key. */
  readonly environment: string;
}

/** Tells whether the project has a flag. */
export type HasFlag = (key: string) => boolean;

/** Reads a new guardrail; throws `invalid` with every problem. */
export function parseGuardrailDraft(body: unknown, hasFlag: HasFlag): GuardrailDraft {
  const problems: Problem[] = [];
  const draft = parsePart(guardrailDraftSchema, body, '', problems);
  if (draft !== undefined) addProblems(problems, flagProblems(draft, hasFlag));
  refuseWith(problems, 'guardrail');
  // Without problems there is a draft.
  const sound = draft as NonNullable<typeof draft>;
  return { ...sound, name: sound.name ?? sound.key };
}

/** Applies an edit: fields given replace, others stay. Throws `invalid` with every problem. */
export function applyGuardrailEdit(before: GuardrailDefinition, body: unknown, hasFlag: HasFlag): GuardrailDefinition {
  const problems: Problem[] = [];
  const edit = parsePart(guardrailEditSchema, body, '', problems);
  if (edit !== undefined) addProblems(problems, flagProblems(edit, hasFlag));
  refuseWith(problems, 'guardrail');
  return {
    name: edit?.name ?? before.name,
    statement: edit?.statement ?? before.statement,
    intervalSeconds: edit?.intervalSeconds ?? before.intervalSeconds,
    failureLimit: edit?.failureLimit ?? before.failureLimit,
    recoveryLimit: edit?.recoveryLimit ?? before.recoveryLimit,
    onBroken: edit?.onBroken ?? before.onBroken,
  };
}

/** Reads what a person says who has seen it; throws `invalid`. */
export function parseAcknowledgement(body: unknown): z.infer<typeof acknowledgementDraftSchema> {
  return parseInput(acknowledgementDraftSchema, body, 'acknowledgement');
}

/** Flags it names and nobody has. A service may come to be later: it does by being named. */
function flagProblems(
  { onBroken }: { readonly onBroken?: BrokenActions | undefined },
  hasFlag: HasFlag,
): readonly Problem[] {
  const named: (readonly [at: string, flag: string])[] = [];
  if (onBroken?.kill) named.push([pointer('/onBroken', 'kill', 'flag'), onBroken.kill.flag]);
  const covers = onBroken?.hold?.covers ?? 'all';
  if (covers !== 'all') {
    covers.forEach((subject, index) => {
      if (!subject.startsWith('flag/')) return;
      named.push([pointer('/onBroken', 'hold', 'covers', index), subject.slice('flag/'.length)]);
    });
  }
  return named
    .filter(([, flag]) => !hasFlag(flag))
    .map(([at, flag]) => ({ pointer: at, code: 'FLAG_UNKNOWN', message: `The project has no flag "${flag}".` }));
}
