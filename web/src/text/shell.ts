export const product = 'Sluice';

/** Words around every page. */
export const shell = {
  skip: 'Skip to the page',
  navigation: 'Main',
  openNavigation: 'Open the navigation',
  project: 'Project',
  environment: 'Environment',
  search: 'Go to or do…',
  searchHint: 'Ctrl K',
  nothingFound: 'Nothing of that name.',
  shortcuts: 'Keyboard shortcuts',
  account: 'Your account',
  signOut: 'Sign out',
  you: 'You and this page',
  theme: { light: 'Light', dark: 'Dark', auto: 'As the system' },
  zone: { utc: 'Times in UTC', local: 'Times in local zone' },
  connection: {
    lost: 'Connection lost. What you see may be old; trying again.',
    short: 'Connection lost',
  },
  home: 'Projects',
  projects: {
    table: 'Projects, those that need somebody first',
    columns: { name: 'Project', first: 'What presses most' },
    nothing: 'nothing',
    first: (title: string, environment: string | null, sentence: string): string =>
      `${title}${environment === null ? '' : ` in ${environment}`}: ${sentence}`,
  },
  noProjects: {
    title: 'No project yet',
    text: 'A project holds flags, services and releases, and the environments that they are in. You see those in which you have a role.',
    cli: 'sluice project create shop',
  },
};

export const navigation = {
  overview: 'Overview',
  releases: 'Releases',
  flags: 'Flags',
  segments: 'Segments',
  services: 'Services',
  policies: 'Policies',
  guardrails: 'Guardrails',
  environments: 'Environments',
  parallelRuns: 'Parallel runs',
  audit: 'Audit',
  webhooks: 'Webhooks',
  access: 'Access',
  system: 'System',
};

export const failures = {
  titles: {
    invalid: 'This cannot be asked for',
    unauthenticated: 'You are signed out',
    forbidden: 'Not for you to see',
    notFound: 'Nothing is here',
    conflict: 'Something changed meanwhile',
    precondition: 'Something changed meanwhile',
    limited: 'Too many requests',
    unavailable: 'The server is busy',
    internal: 'Something broke',
    unreachable: 'No answer from the server',
  },
  again: 'Try again',
  home: 'To the start page',
  requestId: 'Request',
  noPage: 'No page has this address. It may have been typed wrong, or be of another version.',
};

export const session = {
  title: 'Sign in',
  email: 'E-mail',
  password: 'Password',
  passwordRule: '12 characters or more.',
  submit: 'Sign in',
  again: 'Your session has ended',
  againText: 'Sign in again to go on. Nothing that is on the page is lost.',
  oidc: {
    submit: (name: string): string => `Sign in with ${name}`,
    leaves:
      'This leaves the page and comes back to it: edits of segments and of what flags serve are kept, and a release that you are writing; what stands in other forms is lost.',
    /** By the code that the server sends a browser back with. */
    failures: {
      OIDC_DENIED: 'You broke the sign-in off at the provider. Try again, or sign in by password.',
      OIDC_REFUSED: 'The answer of the provider does not belong to this sign-in. Try again.',
      OIDC_EXPIRED: 'This sign-in took too long, was used already, or began in another browser. Begin it anew.',
      OIDC_UNREACHABLE: 'The provider does not answer. Try again in a while, or sign in by password.',
      OIDC_MISCONFIGURED: 'The provider refuses this server. Tell whoever runs it; until then sign in by password.',
      OIDC_EMAIL_UNVERIFIED: 'The provider has not verified your e-mail address. Verify it there and try again.',
      OIDC_DOMAIN_REFUSED: 'E-mail addresses of this domain do not sign in here. Use another account.',
      OIDC_PERSON_UNKNOWN: 'Nobody here has your e-mail address. Ask an admin to invite you.',
      OIDC_PERSON_DISABLED: 'Your account here is disabled. Ask an admin to enable it.',
      OIDC_LINKED_OTHERWISE:
        'Your e-mail address belongs to somebody who signs in with another account at the provider. Ask an admin to reset it.',
      TOO_MANY_SIGN_INS: 'Too many sign-ins have failed from here. Wait a minute and try again.',
    } as Readonly<Record<string, string>>,
    failed: 'The sign-in failed. Try again, or sign in by password.',
  },
  first: {
    title: 'The first start',
    text: 'Make the first administrator. The server printed a token when it started for the first time.',
    token: 'Token of the first start',
    name: 'Your name',
    submit: 'Begin',
  },
  invited: {
    title: 'Welcome',
    text: 'Choose the password that you will sign in with.',
    submit: 'Set the password and sign in',
    noSecret: 'This link is not whole: what follows the # is missing. Ask for another invitation.',
  },
};

export const shortcuts = {
  palette: 'Go to anything, do anything',
  sheet: 'This sheet',
  rows: 'Move in a list',
  open: 'Open the row',
  kill: 'On the page of a flag: switch it off here',
  close: 'Close what is open',
  goTo: (where: string): string => `Go to ${where}`,
};

export const command = {
  reason: 'Reason',
  sayWhy: 'Say why first.',
  reasonHint: 'It is kept in the audit log.',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  done: 'Done',
  confirmName: (name: string): string => `Type ${name} to confirm`,
  conflict: {
    title: 'Somebody changed this meanwhile',
    text: 'On the left is what is stored now, on the right what you are about to store. Nothing of yours is lost.',
    apply: 'Store mine over it',
    back: 'Go on editing',
    loadTheirs: 'Discard mine',
    theirs: 'Stored now',
    mine: 'Yours',
  },
};
