export const parallelRuns = {
  title: 'Parallel runs',
  table: 'Parallel runs of the project',
  columns: {
    name: 'Name',
    finding: 'Finding',
    evidence: 'Unequal of compared',
    share: 'Sampled',
    owner: 'Owner',
    due: 'Due',
  },
  findings: { certified: 'certified', refuted: 'refuted', undecided: 'undecided' },
  notSampled: 'not sampled here',
  noCandidate: 'nothing compared yet',
  filter: 'Filter by name, key or owner',
  none: {
    title: 'No parallel run yet',
    text: 'A parallel run calls new code beside the old on live traffic and proves whether it answers the same.',
    cli: 'sluice parallel-run create price-v2 --name "New pricing" --owner checkout --due 2027-03-01',
  },
  noMatch: 'No parallel run matches the filter.',
  evidence: (unequal: string, compared: string): string => `${unequal} of ${compared}`,
};
