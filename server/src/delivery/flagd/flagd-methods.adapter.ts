import type { EvaluationContext } from '@sluice/sdk/evaluation';
import { type FlagdAnswer, requireValue } from './flagd-answer.js';
import type { FlagdCaller } from './flagd-callers.provider.js';
import type { FlagdEvaluations, FlagdQuestion } from './flagd-evaluations.service.js';

/** The methods of flagd.evaluation that answer once, by version; whatever carries them admits the caller. */
export function flagdMethods(evaluations: FlagdEvaluations) {
  const v2 = {
    resolveBoolean: (caller: FlagdCaller, asked: FlagdQuestion) => evaluations.resolve(caller, asked, 'boolean'),
    resolveString: (caller: FlagdCaller, asked: FlagdQuestion) => evaluations.resolve(caller, asked, 'string'),
    resolveFloat: (caller: FlagdCaller, asked: FlagdQuestion) => evaluations.resolve(caller, asked, 'float'),
    resolveInt: (caller: FlagdCaller, asked: FlagdQuestion) => evaluations.resolve(caller, asked, 'int'),
    resolveObject: (caller: FlagdCaller, asked: FlagdQuestion) => evaluations.resolve(caller, asked, 'object'),
  };
  const v1 = {
    resolveAll: (caller: FlagdCaller, { context }: { readonly context?: EvaluationContext | undefined }) =>
      evaluations.resolveAll(caller, context),
    resolveBoolean: withValue(v2.resolveBoolean),
    resolveString: withValue(v2.resolveString),
    resolveFloat: withValue(v2.resolveFloat),
    resolveInt: withValue(v2.resolveInt),
    resolveObject: withValue(v2.resolveObject),
  };
  return { v1, v2 };
}

function withValue<Value>(
  resolve: (caller: FlagdCaller, asked: FlagdQuestion) => Promise<FlagdAnswer<Value>>,
): (caller: FlagdCaller, asked: FlagdQuestion) => Promise<FlagdAnswer<Value> & { readonly value: Value }> {
  return async (caller, asked) => requireValue(asked.flagKey, await resolve(caller, asked));
}
