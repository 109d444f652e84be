import Sequencer from '@jest/test-sequencer';

/** Suites that start something: a store, a server, a browser. */
const STARTS_SOMETHING = /\.(?:e2e|int|model)\.spec\.ts$|\/test\/(?:e2e|faults)\//u;

/**
 * Suites that start something come before those that only reckon, else a short file of long tests comes last and one
 * process works while the others are done: without times of its own Jest goes by the size of files.
 */
export default class StartersFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isFirst = ({ path }) => STARTS_SOMETHING.test(path);
    return [...sorted.filter(isFirst), ...sorted.filter((test) => !isFirst(test))];
  }
}
