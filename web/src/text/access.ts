type Role = 'viewer' | 'editor' | 'approver' | 'admin';
type Kind = 'admin' | 'ci' | 'server' | 'client';

/** Where a role or a token counts. */
interface Where {
  readonly project: string | null;
  readonly environment: string | null;
}

const place = ({ project, environment }: Where): string => {
  if (project === null) return 'the whole instance';
  return environment === null ? `all of ${project}` : `${project} · ${environment}`;
};

export const access = {
  title: 'Access',
  tabs: { label: 'Who has access', people: 'People', tokens: 'Tokens' },
  noMatch: 'Nobody and nothing matches the filter.',
  place,
  roles: {
    viewer: 'Viewer: sees everything',
    editor: 'Editor: changes flags, segments, releases',
    approver: 'Approver: approves and stops releases',
    admin: 'Admin: all of it, and who has access',
  } satisfies Readonly<Record<Role, string>>,
  roleIn: (role: Role, where: Where): string => `${role} in ${place(where)}`,
  fields: {
    project: 'Project',
    environment: 'Environment',
    wholeInstance: 'The whole instance',
    allOfProject: 'All of the project',
    role: 'Role',
    email: 'E-mail',
    name: 'Name',
  },
};

export const people = {
  table: 'People',
  filter: 'Filter by name or e-mail',
  columns: { name: 'Name', email: 'E-mail', status: 'Status', roles: 'Roles', since: 'Since' },
  status: { active: 'active', invited: 'invited', disabled: 'disabled' },
  you: '(you)',
  noRole: 'no role yet',
  none: {
    title: 'Nobody yet',
    text: 'The people who may sign in, and what they may do where, will stand here.',
    cli: 'sluice person invite ann@shop.example --name Ann --role editor',
  },
  invite: {
    open: 'Invite…',
    title: 'Invite somebody',
    submit: 'Invite',
    secretTitle: (name: string): string => `${name} is invited`,
    link: 'Link of the invitation',
    text: (email: string): string =>
      `Give this link to ${email}. Whoever opens it first chooses the password; it works once, until`,
  },
  reset: {
    open: 'Reset the password…',
    title: (name: string): string => `Reset the password of ${name}?`,
    text: 'Every session of theirs ends at once, and an account that they sign in with elsewhere is no longer theirs. You get a link by which they choose a new password.',
    verb: 'Reset the password',
    secretTitle: (name: string): string => `A new password for ${name}`,
  },
  disable: {
    open: 'Disable…',
    title: (name: string): string => `Disable ${name}?`,
    text: 'They are signed out at once and cannot sign in. Their roles stay for when they are enabled again.',
    verb: 'Disable',
  },
  enable: {
    open: 'Enable…',
    title: (name: string): string => `Enable ${name} again?`,
    text: 'They can sign in again with the password and the roles that they had.',
    verb: 'Enable',
  },
  grant: {
    title: 'Give a role',
    submit: 'Give the role',
    done: 'The role is given.',
    caution: 'This account may not be one person’s',
    allTheSame: 'Give the role all the same',
    hearFirst: 'Say first that the role is to be given all the same.',
  },
  take: {
    open: 'Take away…',
    label: (role: string): string => `Take away: ${role}`,
    title: (name: string, role: string): string => `Take from ${name}: ${role}?`,
    text: 'It counts at once, also on pages that they have open.',
    verb: 'Take it away',
  },
  rolesOf: (name: string): string => `Roles of ${name}`,
};

export const tokens = {
  table: 'Tokens',
  filter: 'Filter by name, owner or last characters',
  showEnded: 'Show ended ones',
  columns: {
    name: 'Name',
    kind: 'Kind',
    place: 'Place',
    owner: 'Owner',
    hint: 'Ends in',
    state: 'State',
    acts: 'Acts',
  },
  standing: { works: 'works', ending: 'works until', expired: 'expired', revoked: 'revoked' },
  none: {
    title: 'No token yet',
    text: 'Programs show a token: pipelines, services with an SDK, browsers.',
    cli: 'sluice token create --kind ci --name pipelines --project shop',
  },
  kinds: {
    server: 'server: an SDK in a service',
    client: 'client: a browser or a phone; it never sees a rule',
    ci: 'ci: a pipeline that delivers',
    admin: 'admin: manages everything of its place',
  } satisfies Readonly<Record<Kind, string>>,
  create: {
    open: 'Create a token…',
    title: 'Create a token',
    submit: 'Create',
    kind: 'Kind',
    name: 'Name',
    nameHint: 'What will use it, for people.',
    owner: 'Owner',
    ownerHint: 'The e-mail of the person it is for: tokens of one owner approve as one.',
    expires: 'Works until',
    expiresHint: 'Empty: until it is revoked.',
    secretTitle: (name: string): string => `Token ${name}`,
    secret: 'Token',
  },
  use: {
    title: 'How to use it',
    shell: (origin: string): string => `export SLUICE_URL=${origin} SLUICE_TOKEN=…`,
    cli: 'sluice flag list --project shop',
    sdk: (origin: string): string => `createClient({ url: '${origin}', token: process.env.SLUICE_TOKEN })`,
    ofrep: (origin: string): string =>
      `curl -X POST ${origin}/ofrep/v1/evaluate/flags -H "authorization: Bearer $SLUICE_TOKEN" -d '{"context":{"targetingKey":"u1"}}' -H content-type:application/json`,
  },
  rotate: {
    open: 'Rotate…',
    label: (name: string): string => `Rotate ${name}`,
    title: (name: string): string => `Rotate ${name}?`,
    text: 'You get a new token of the same kind and place. The old one works on for the overlap, so that nothing stops.',
    overlap: 'The old one works on for',
    overlaps: {
      '0': 'no time: it ends now',
      '3600': 'an hour',
      '86400': 'a day',
      '604800': '7 days',
      '2592000': '30 days',
    },
    submit: 'Rotate',
  },
  revoke: {
    open: 'Revoke…',
    label: (name: string): string => `Revoke ${name}`,
    title: (name: string): string => `Revoke ${name}?`,
    text: 'Whatever uses it is refused within a second, open streams too. This cannot be taken back.',
    verb: 'Revoke',
    done: (name: string): string => `${name} is revoked.`,
  },
  ended: 'This token has ended.',
};

export const account = {
  title: 'Your account',
  signedInAs: 'Signed in as',
  roles: 'Your roles',
  noRole: 'Nobody gave you a role yet. Ask an admin for one.',
  password: {
    title: 'Change the password',
    current: 'Current password',
    next: 'New password',
    rule: '12 to 200 characters. Your other sessions end; this one stays.',
    submit: 'Change the password',
    done: 'The password is changed. Your other sessions have ended.',
  },
  everywhere: {
    title: 'Sign out everywhere',
    text: 'Every session of yours ends, this one too: after losing a device, or on one that is not yours.',
    open: 'Sign out everywhere…',
    ask: 'Sign out everywhere?',
    verb: 'Sign out everywhere',
  },
};
