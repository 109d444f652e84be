/** `npm run test:faults`: the fault suite with the times and numbers that happen to people; `npm test` has it in short. */
process.env['SLUICE_FAULTS'] = 'full';
process.argv.push('server/test/faults');
await import('./test.ts');
