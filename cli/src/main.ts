import { runCommand } from './run-command.js';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Whoever asks twice does not want to wait for a last word.
  process.on(signal, () => (stopping.signal.aborted ? process.exit(130) : stopping.abort()));
}
// Whoever reads the results may stop reading, as head does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

const { stdout, stderr } = process;
process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  isScreen: stdout.isTTY,
  size: () => ({ columns: stdout.columns, rows: stdout.rows }),
  interrupted: stopping.signal,
});
