import assert from 'node:assert/strict';
import { createParallelRuns } from '@sluice/sdk';
import { EVERY_CALL } from '../every-call.js';
import { printLine } from '../print.js';

const invoice = { buyer: 'ada@example.com', currency: 'EUR', total: 5, card: '4111 1111 1111 1111' };

/**
 * Reports go to the control plane; what is in them is sums, names of fields, and digests under a key of the run's own:
 * equal values have equal ones, and nobody can tell which. `clean` takes away what shall not even be compared.
 */
export async function keepSecrets(): Promise<void> {
  const runs = createParallelRuns({ settings: { ...EVERY_CALL, rawPaths: ['$.currency'] } });
  runs.parallelRun('invoice', {
    control: () => invoice,
    candidate: () => ({ ...invoice, buyer: 'ADA@EXAMPLE.COM', currency: 'USD', card: '' }),
    clean: ({ card: _card, ...rest }) => rest,
    input: invoice.buyer,
  });
  const reports = runs.takeReports();
  runs.close();

  for (const { id, places, samples } of reports.flatMap(({ signatures }) => signatures)) {
    printLine(`Fault ${id}, by its places and never by values:`);
    for (const { path, kind, transition } of places) printLine(`  ${path} (${kind}: ${transition})`);
    printLine('A sample of it; the currency is told, for `rawPaths` allow it:');
    for (const { path, control, candidate } of samples.flatMap(({ values }) => values)) {
      printLine(`  ${path}  ${JSON.stringify(control)}  ${JSON.stringify(candidate)}`);
    }
  }
  const text = JSON.stringify(reports);
  assert.match(text, /\\"EUR\\"/u);
  for (const secret of ['ada@', 'ADA@', '4111', 'card'])
    assert.ok(!text.includes(secret), `${secret} is in the report`);
}
