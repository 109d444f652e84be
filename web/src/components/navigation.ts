import { navigation as text } from '../text/shell.js';
import { type InProject, pb } from '../util/path-builder.js';

export interface Destination {
  readonly label: string;
  readonly to: string;
  /** After `g`. */
  readonly key: string;
}

/** Where one can go from a place: pages of its project, if it is in one, and those of the instance. */
export function destinations(at: InProject | undefined): readonly Destination[] {
  const ofProject: readonly Destination[] =
    at === undefined
      ? []
      : [
          { label: text.overview, to: pb.overview(at), key: 'o' },
          { label: text.releases, to: pb.releases(at), key: 'r' },
          { label: text.flags, to: pb.flags(at), key: 'f' },
          { label: text.segments, to: pb.segments(at), key: 's' },
          { label: text.services, to: pb.services(at), key: 'v' },
          { label: text.policies, to: pb.policies(at), key: 'p' },
          { label: text.guardrails, to: pb.guardrails(at), key: 'g' },
          { label: text.environments, to: pb.environments(at), key: 'e' },
          { label: text.parallelRuns, to: pb.parallelRuns(at), key: 'l' },
          { label: text.audit, to: pb.audit(at), key: 'a' },
          { label: text.webhooks, to: pb.webhooks(at), key: 'w' },
        ];
  return [
    ...ofProject,
    { label: text.access, to: pb.access(), key: 'c' },
    { label: text.system, to: pb.system(), key: 'y' },
  ];
}
