import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { parallelRun as text } from '../text/parallel-run.js';
import type { InProject } from '../util/path-builder.js';
import { formatCount } from '../util/share.js';

const reset = graphql(
  `
    mutation ResetParallelRun($input: ResetParallelRunInput!) {
      resetParallelRun(input: $input) {
        node {
          epoch
          version
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly run: string;
  /** How many distinct inputs would count no more. */
  readonly compared: number;
  readonly onClose: () => void;
}

/** Begins the evidence anew. */
export function ParallelRunReset({ at, run, compared, onClose }: Props) {
  const words = text.act.resetForm;
  return (
    <ReasonDialog
      title={words.title(at.environment)}
      verb={words.verb}
      isDangerous
      document={reset}
      toVariables={(reason) => ({ input: { ...at, run, reason } })}
      onDone={onClose}
      onClose={onClose}
    >
      {words.text(formatCount(compared))}
    </ReasonDialog>
  );
}
