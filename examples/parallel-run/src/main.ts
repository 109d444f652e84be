/**
 * Six lessons about parallel runs, each a file to read beside what it prints. None needs a server. A lesson asserts what
 * it says: this ends with 1 when one is wrong.
 */
import { awaitAnswers } from './lessons/asynchronous.js';
import { compareSeveral } from './lessons/several-candidates.js';
import { waiveNoise } from './lessons/noise.js';
import { keepSecrets } from './lessons/redaction.js';
import { compareAtOnce } from './lessons/synchronous.js';
import { wrapFunction } from './lessons/wrapped.js';
import { printTitle } from './print.js';

const LESSONS: readonly (readonly [title: string, teach: () => Promise<void>])[] = [
  ['A synchronous call: postage by weight', compareAtOnce],
  ['Promises: stock, from a service that is being replaced', awaitAnswers],
  ['Several candidates: three ways to sum', compareSeveral],
  ['A function that is wrapped: titles in addresses', wrapFunction],
  ['Rules for noise: two search engines', waiveNoise],
  ['What leaves the process: people and prices', keepSecrets],
];

for (const [index, [title, teach]] of LESSONS.entries()) {
  printTitle(`${index + 1}. ${title}`);
  await teach();
}
