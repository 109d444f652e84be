import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { run } from '../run-command.ts';

/** Keeps a package that is being installed from starting its own server on its usual port. */
const withoutStarting = { RUNLEVEL: '1', DEBIAN_FRONTEND: 'noninteractive' };
/** systemd asks no runlevel but this program, if there is one; 101 means: start nothing (Debian policy, invoke-rc.d). */
const startPolicy = '/usr/sbin/policy-rc.d';

let areListsFresh = false;

export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

export async function install(...packages: readonly string[]): Promise<void> {
  process.stderr.write(`installing ${packages.join(' ')}\n`);
  if (!areListsFresh) await aptGet('update', '-q');
  areListsFresh = true;
  const forbid = !existsSync(startPolicy);
  if (forbid) writeFileSync(startPolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
  try {
    await aptGet('install', '-y', '-q', '--no-install-recommends', ...packages);
  } finally {
    if (forbid) rmSync(startPolicy, { force: true });
  }
}

async function aptGet(...args: readonly string[]): Promise<void> {
  const { exitCode, output } = await run('apt-get', args, { env: withoutStarting, isQuiet: true });
  if (exitCode !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${output}`);
}
