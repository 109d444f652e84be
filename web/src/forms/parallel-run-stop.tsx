import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { parallelRun as text } from '../text/parallel-run.js';
import { Sentence } from '../ui/Sentence.js';
import type { InProject } from '../util/path-builder.js';

const stop = graphql(
  `
    mutation StopParallelRun($input: StopParallelRunInput!) {
      stopParallelRun(input: $input) {
        node {
          share
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
  readonly hold: { readonly sentence: string } | null;
  readonly onClose: () => void;
}

/** Samples nothing any more, whoever did. */
export function ParallelRunStop({ at, run, hold, onClose }: Props) {
  const words = text.act.stopForm;
  return (
    <ReasonDialog
      title={words.title(at.environment)}
      verb={words.verb}
      isDangerous
      document={stop}
      toVariables={(reason) => ({ input: { ...at, run, reason } })}
      onDone={onClose}
      onClose={onClose}
    >
      {words.text} {hold !== null && <Sentence>{words.aborts(hold.sentence)}</Sentence>}
    </ReasonDialog>
  );
}
