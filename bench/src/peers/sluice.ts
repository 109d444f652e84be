import { compileSnapshot, evaluate, formatSnapshot, parseSnapshot } from '@sluice/sdk/evaluation';
import { type Peer, subject } from './subject.js';

/** Our evaluator alone, as a page or another server would embed it. */
export const sluiceEvaluator: Peer = {
  write: formatSnapshot,
  start: (text) => {
    const compiled = compileSnapshot(parseSnapshot(text));
    return subject({
      toContext: (person) => ({ ...person }),
      ask: (key) => (context) => evaluate(compiled, key, context),
      askAll: (keys) => (context) => {
        const answers = new Array<ReturnType<typeof evaluate>>(keys.length);
        for (let i = 0; i < keys.length; i += 1) answers[i] = evaluate(compiled, keys[i] ?? '', context);
        return answers;
      },
      read: ({ variant }) => variant,
      readAll: (answers) => answers.map(({ variant }) => variant),
    });
  },
};
