import { type Command, CommanderError } from 'commander';
import { CommandError, errorDocument, explainError } from './command-error.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { buildProgram } from './program.js';
import { Session } from './session.js';
import type { Terminal } from './terminal.js';

/** Runs what was typed, without the name of the program, and answers with the exit code. Never rejects. */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let session: Session | undefined;
  const program = buildProgram(async (command, work) => {
    session = new Session(command, terminal);
    await work(session);
  });
  // Subcommands took the settings of their parents when they were made.
  for (const command of withSubcommands(program)) {
    command.configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  }
  const isJson = words.includes('--json');
  try {
    await program.parseAsync(words, { from: 'user' });
    return session?.exitCode ?? EXIT.released;
  } catch (thrown) {
    const isCommander = thrown instanceof CommanderError;
    // Help and the version are asked for, and no errors.
    if (isCommander && thrown.exitCode === 0) return EXIT.released;
    const error = understand(thrown, terminal);
    const exitCode = error instanceof CommandError ? error.exitCode : EXIT.internal;
    // Commander has told its own errors.
    if (!isCommander) terminal.err(`${explainError(error).join('\n')}\n`);
    if (isJson) terminal.out(`${JSON.stringify(errorDocument(error, exitCode), null, 2)}\n`);
    return exitCode;
  }
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function understand(thrown: unknown, { interrupted }: Terminal): unknown {
  if (thrown instanceof CommanderError) return new CommandError(EXIT.usage, thrown.message.replace(/^error: /u, ''));
  // Whatever was under way when the command was stopped failed because of that.
  return interrupted.aborted ? new CommandError(EXIT.interrupted, 'Stopped.') : thrown;
}
