/** The proxy, in a process of its own; its arguments are those of `sluice-shadow`. Tells its parent where it listens. */
import { parseCommandLine, startShadow } from '@sluice/shadow';

const command = parseCommandLine(process.argv.slice(2), {});
if (command.kind !== 'settings') throw new Error(JSON.stringify(command));
const silent = (): void => undefined;
const verdicts: Record<string, number> = {};
const shadow = await startShadow(command.settings, {
  logger: { debug: silent, info: silent, warn: console.warn, error: console.error },
  report: (reports) => {
    // What the run without a control plane reports, as the SDK has it.
    for (const report of reports as readonly { readonly verdicts: Readonly<Record<string, number>> }[]) {
      for (const [verdict, n] of Object.entries(report.verdicts)) verdicts[verdict] = (verdicts[verdict] ?? 0) + n;
    }
  },
});
// What it takes to start is no request's.
const started = process.cpuUsage();
process.send?.({ url: shadow.url });
process.on('message', () => {
  void shadow.close().then(() => process.send?.({ verdicts, cpu: process.cpuUsage(started) }));
});
process.on('disconnect', () => process.exit());
