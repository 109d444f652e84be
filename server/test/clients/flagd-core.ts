import { FlagdCore } from '@openfeature/flagd-core';
import {
  compileSnapshot,
  evaluate,
  type EvaluationContext,
  type JsonValue,
  type Snapshot,
  type SnapshotFlag,
} from '@sluice/sdk/evaluation';
import { exportEnvironment } from '../../src/delivery/flagd/export-environment.js';

const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

/** What an evaluator answers; a value that is left to the caller is undefined. */
interface Answer {
  readonly value: JsonValue | undefined;
  readonly variant: string | undefined;
}
type Ask = (flag: SnapshotFlag, context: EvaluationContext) => Answer;

/** flagd's evaluator with a snapshot, exported: it compiles rules, or interprets them, as where code may not be made. */
export function askFlagd(snapshot: Snapshot, interpret = false): Ask {
  const core = new FlagdCore(undefined, silent, { disableDynamicCodeGeneration: interpret });
  core.setConfigurations(JSON.stringify(exportEnvironment(compileSnapshot(snapshot)).document));
  return ({ key, type }, context) => {
    const nothing = { nothing: 'served' };
    const kind = type === 'json' ? 'object' : type;
    const { value, variant } = core.resolve(kind, key, nothing as never, context as never); // safe: JSON, compared below
    return { value: value === nothing ? undefined : value, variant };
  };
}

/** Our own evaluator with a snapshot. */
export function askOurselves(snapshot: Snapshot): Ask {
  const compiled = compileSnapshot(snapshot);
  return ({ key }, context) => {
    const { value, variant } = evaluate(compiled, key, context);
    return { value, variant };
  };
}

/** Where flagd, compiling or interpreting, answers otherwise than we do of what is carried; the first few. */
export function disagreements(snapshot: Snapshot, contexts: readonly EvaluationContext[]): readonly string[] {
  const { document } = exportEnvironment(compileSnapshot(snapshot));
  const ours = askOurselves(snapshot);
  const carried = snapshot.flags.filter(({ key }) => Object.hasOwn(document.flags, key));
  const found = [false, true].flatMap((interpret) => {
    const theirs = askFlagd(snapshot, interpret);
    return carried.flatMap((flag) =>
      contexts.flatMap((context) => {
        const [our, their] = [ours(flag, context), theirs(flag, context)];
        if (JSON.stringify(our) === JSON.stringify(their)) return [];
        return [JSON.stringify({ interpret, context, our, their, exported: document.flags[flag.key] })];
      }),
    );
  });
  return found.slice(0, 2);
}
