import { CommandError } from './command-error.js';
import { EXIT } from './exit-code.js';
import { parseShare } from './parse-share.js';
import { splitPair, valueOf } from './release-draft.js';

/**
 * What a flag serves to everybody that nothing else matches: `on` is one variation, `on=25 off=75` a split in percent.
 * Throws a usage error.
 */
export function parseServe(words: readonly string[]): object {
  const [only, ...others] = words;
  if (only === undefined) throw usage('Say what to serve: a variation, or shares in percent such as on=25 off=75.');
  if (others.length === 0 && !only.includes('=')) return { variation: only };
  const shares = words.map((word) => {
    const [variation, percent] = splitPair(word);
    const share = percent === undefined ? undefined : parseShare(percent);
    if (share === undefined) throw usage(`"${word}" is no share: say a variation and its percentage, such as on=25.`);
    return { variation, share };
  });
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  if (total !== 100_000) throw usage(`The shares are ${total / 1_000} % together; they must be 100 %.`);
  return { split: { shares } };
}

/** `key=value` each; a value that is JSON means what JSON says. Throws a usage error. */
export function parseVariations(words: readonly string[]): readonly object[] {
  return words.map((word) => {
    const [key, value] = splitPair(word);
    if (key === undefined) throw usage(`--variation ${word}: say a key and its value, such as large=100.`);
    return { key, value: valueOf(value) };
  });
}

function usage(message: string): CommandError {
  return new CommandError(EXIT.usage, message);
}
