type Verb = 'approve' | 'start' | 'pause' | 'resume' | 'advance' | 'promote' | 'abort' | 'rollBack';

/** What is asked before a verb is given: the question names the environment, and so does the button. */
interface Asking {
  readonly title: (name: string, environment: string) => string;
  readonly verb: (environment: string) => string;
  readonly text: string;
}

/** The list of releases, the page of one, and what is asked before one is moved. */
export const releases = {
  title: 'Releases',
  table: 'Releases',
  filter: 'Filter by name, description or id',
  create: 'New release',
  columns: {
    name: 'Release',
    environment: 'Environment',
    status: 'State',
    sentence: 'What is true',
    share: 'Exposure',
    verdict: 'Verdict',
    since: 'Step, for how long',
    policy: 'Policy',
    who: 'Asked for by',
  },
  statuses: {
    draft: 'draft',
    scheduled: 'scheduled',
    queued: 'queued',
    running: 'running',
    holding: 'holding',
    released: 'released',
    rolledBack: 'rolled back',
    aborted: 'aborted',
    superseded: 'superseded',
  },
  verdicts: {
    pass: 'good',
    fail: 'harm',
    inconclusive: 'says nothing',
    pending: 'not known yet',
    error: 'not measured',
  },
  noVerdict: 'not judged yet',
  show: 'Which releases',
  shows: { all: 'All', attention: 'Needs attention', flight: 'In flight', waiting: 'Waiting', ended: 'Ended' },
  everywhere: 'In every environment',
  policy: 'Policy',
  anyPolicy: 'Any policy',
  who: 'Asked for by',
  anybody: 'Anybody',
  nobody: 'somebody who is gone',
  views: {
    label: 'Saved views',
    save: 'Save this view',
    name: 'Name of the view',
    submit: 'Save',
    remove: (name: string): string => `Forget the view ${name}`,
    hint: 'A view is kept in this browser. The address of the page shows the same to everybody.',
  },
  none: {
    title: 'No release yet',
    text: 'A release moves a flag, a service or a parallel run from nobody to everybody, step by step, and goes back by itself when it does harm.',
    cli: 'sluice release create --environment production --flag new-cart=on --policy standard',
  },
  noMatch: 'No release matches the filter.',
  stepOf: (step: number, steps: number): string => `${step} of ${steps}`,
  exposure: (asked: string): string => `${asked} asked`,
  exposureReal: (real: string, asked: string): string => `${real} real of ${asked} asked`,

  one: 'Release',
  facts: 'About this release',
  acts: 'What can be done',
  verbs: {
    approve: 'Approve',
    start: 'Start',
    pause: 'Pause',
    resume: 'Resume',
    advance: 'Next step',
    promote: 'Promote to 100 %',
    abort: 'Abort',
    rollBack: 'Roll back',
  } satisfies Record<Verb, string>,
  asking: {
    approve: {
      title: (name, environment) => `Approve ${name} in ${environment}?`,
      verb: (environment) => `Approve in ${environment}`,
      text: 'Your leave holds for what the release says now; when it is changed it is asked for again.',
    },
    start: {
      title: (name, environment) => `Start ${name} in ${environment}?`,
      verb: (environment) => `Start in ${environment}`,
      text: 'It begins with its first step at once, or as soon as nothing is before it.',
    },
    pause: {
      title: (name, environment) => `Pause ${name} in ${environment}?`,
      verb: (environment) => `Pause in ${environment}`,
      text: 'The share stays where it is. It is still judged, and goes back by itself when it does harm.',
    },
    resume: {
      title: (name, environment) => `Resume ${name} in ${environment}?`,
      verb: (environment) => `Resume in ${environment}`,
      text: 'The clock of its step runs on from where it stood.',
    },
    advance: {
      title: (name, environment) => `Send ${name} to its next step in ${environment}?`,
      verb: (environment) => `Next step in ${environment}`,
      text: 'It does not wait for the rest of this step, nor for evidence.',
    },
    promote: {
      title: (name, environment) => `Promote ${name} to 100 % in ${environment}?`,
      verb: (environment) => `Promote in ${environment}`,
      text: 'Everybody gets it now: it does not wait for the steps between, nor for evidence.',
    },
    abort: {
      title: (name, environment) => `Abort ${name} in ${environment}?`,
      verb: (environment) => `Abort in ${environment}`,
      text: 'The release is given up, and everything is put back as it was before.',
    },
    rollBack: {
      title: (name, environment) => `Roll back ${name} in ${environment}?`,
      verb: (environment) => `Roll back in ${environment}`,
      text: 'Everything is put back as it was before. The release can be started again.',
    },
  } satisfies Record<Verb, Asking>,
  done: (verb: string, name: string): string => `${verb}: ${name}.`,

  superseded: 'A newer release took its place.',
  confounded: (count: number): string =>
    count === 1
      ? 'Another release ramped here at the same time: what is measured may be its doing.'
      : `${count} other releases ramped here at the same time: what is measured may be their doing.`,
  otherRelease: 'See it',
  by: 'Asked for by',
  asked: 'Asked for',
  started: 'Started',
  finished: 'Ended',
  starts: 'Starts',
  policyOf: (key: string, version: number): string =>
    version === 0 ? `${key} (preset)` : `${key}, version ${version}`,
  contentHash: 'Content',
  contentHint: 'Digest of its changes and its policy. Approvals hold for this content and no other.',
  verdictBundle: 'Download the verdict',
  verdictHint: 'All that the newest attempt was judged by, as JSON; sluice verify replays it.',

  steps: {
    title: 'Steps',
    none: 'It has not been started: these are the steps of its policy.',
    step: (index: number, share: string): string => `Step ${index}: ${share}`,
    sampling: (share: string): string => `samples ${share}`,
    states: { done: 'done', current: 'here', ahead: 'ahead', skipped: 'skipped' },
    ended: 'ended here',
    hold: (duration: string): string => `watched ${duration}`,
    noHold: 'not held',
    units: (count: string): string => `${count} units at least`,
    planned: 'planned',
    from: 'since',
    lasted: (duration: string): string => `took ${duration}`,
    expected: 'not before',
    gateOpen: 'open',
    gateShut: 'waits',
    legend: 'Outlined: as planned. Filled: as it came.',
  },

  reach: {
    title: 'Reach',
    share: 'Asked for',
    none: 'Nothing is on its way.',
    instances: (current: number, all: number): string => `${current} of ${all} instances serve it`,
    noInstances: 'No instance with an SDK reports here.',
    propagation: 'Time to serve it',
    p50: 'half within',
    p99: '99 % within',
    laggards: 'Behind',
    laggardAt: (revision: number | null, wanted: number): string =>
      revision === null ? `serves nothing yet, revision ${wanted} is wanted` : `at revision ${revision} of ${wanted}`,
    silent: (count: number): string =>
      count === 1
        ? '1 instance stopped reporting without a word.'
        : `${count} instances stopped reporting without a word.`,
    nobodyBehind: 'Nobody is behind.',
    fits: { matches: 'fits what was asked', differs: 'is not what was asked', tooFew: 'too few requests to tell' },
    requests: (count: string): string => `of ${count} requests`,
  },

  metrics: {
    title: 'What is measured',
    none: 'Nothing is measured yet.',
    noneAsked: 'Its policy asks for no metric.',
    stable: 'Stable',
    candidate: 'Candidate',
    difference: 'Difference',
    noDifference: 'An arm has nothing to compare yet.',
    interval: (low: string, high: string): string => `95 % between ${low} and ${high}`,
    units: (count: string): string => `${count} units`,
    bad: (bad: string, units: string): string => `${bad} of ${units}`,
    p50: 'p50',
    p99: 'p99',
    mean: 'mean',
    evidence: 'Evidence of harm',
    evidenceOf: (evidence: string, limit: string): string => `${evidence} of ${limit}`,
    dryRun: 'shown only',
    dryRunHint: 'Judged and shown, but never acted on.',
    relative: (percent: string): string => `${percent} relative`,
  },

  evidence: {
    title: 'Evidence over time',
    none: 'No evidence is on record for this attempt.',
    of: (metric: string, subject: string): string => `Evidence that the candidate does harm: ${metric} on ${subject}`,
    line: 'Evidence',
    limit: 'Limit: rolls back',
  },

  approvals: {
    title: 'Approvals',
    start: 'To start',
    step: (step: number): string => `To leave step ${step}`,
    given: (given: number, needed: number): string => `${given} of ${needed}`,
    missing: (count: number): string => (count === 1 ? '1 more person is asked.' : `${count} more people are asked.`),
  },
  gates: {
    approval: 'Asks for approval.',
    webhook: 'Asks a webhook.',
    analysis: 'Asks for metrics to be good.',
    certificate: 'Asks for a certificate of a parallel run.',
  },

  parts: {
    label: 'More of this release',
    changes: 'Changes',
    attempts: 'Attempts',
    events: 'Events',
    audit: 'Audit',
    policy: 'Policy',
  },
  changes: {
    before: 'Before',
    after: 'Once everybody has it',
    none: 'What it changed can no longer be told.',
  },
  attempts: {
    none: 'Not started yet.',
    earlier: (attempt: string): string => `These are the steps and the evidence of attempt ${attempt}.`,
    newest: 'Show the newest.',
    attempt: 'Attempt',
    ended: 'How it ended',
    why: 'Why',
    came: 'Came to',
    when: 'Started',
    lasted: 'Lasted',
    evidence: 'Evidence',
    show: (attempt: number): string => `Show the evidence of attempt ${attempt}`,
    statuses: {
      running: 'running',
      released: 'released',
      rolledBack: 'rolled back',
      aborted: 'aborted',
      superseded: 'superseded',
    } as Readonly<Record<string, string>>,
  },
  events: {
    table: 'Events of this release',
    none: 'Nothing has happened to it yet.',
    at: 'When',
    type: 'Event',
    what: 'What',
  },
  audit: {
    table: 'Audit of this release',
    none: 'Nothing was done to it yet.',
    at: 'When',
    action: 'What was done',
    by: 'By',
    diff: 'Before and after',
    after: 'After',
  },
};
