import { runCommand } from '../src/run-command.js';
import type { Ended } from './spawn-sluice.js';

const OURS = 'SLUICE_';

/**
 * Runs the command within this process, with no other variables of its own than these. What is between it and a
 * pipeline, which is main.ts, is for those that are spawned.
 */
export async function runSluice(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  let out = '';
  let err = '';
  const ended = withVariables(env, () =>
    runCommand(words, {
      env,
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      isScreen: false,
      size: () => ({ columns: 80, rows: 24 }),
      interrupted: new AbortController().signal,
    }),
  );
  const exitCode = await ended;
  return { exitCode, out, err };
}

/** Commander reads the variables of the process while it parses, which it does before it first waits for anything. */
function withVariables<T>(env: Readonly<Record<string, string>>, parse: () => T): T {
  const before = { ...process.env };
  for (const name of Object.keys(before)) if (name.startsWith(OURS)) delete process.env[name];
  Object.assign(process.env, env);
  try {
    return parse();
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
