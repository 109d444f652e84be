import { type EvaluationContext, OpenFeature, type Provider } from '@openfeature/server-sdk';
import type { Person } from '../scenario-flags.js';
import { asyncSubject, type Subject } from './subject.js';

/** A library behind OpenFeature's client, which has no call for all flags: they are asked for one by one. */
export async function throughOpenFeature(
  provider: Provider,
  close: () => unknown,
  toContext: (person: Person) => EvaluationContext = (person) => ({ ...person }),
): Promise<Subject> {
  await OpenFeature.setProviderAndWait(provider);
  const client = OpenFeature.getClient();
  return asyncSubject({
    toContext,
    ask: (key) => (context) => client.getStringValue(key, 'fallback', context),
    askAll: (keys) => async (context) => {
      const answers = new Array<string>(keys.length);
      for (let i = 0; i < keys.length; i += 1) {
        answers[i] = await client.getStringValue(keys[i] ?? '', 'fallback', context);
      }
      return answers;
    },
    read: (variation) => variation,
    readAll: (answers) => answers,
    close,
  });
}
