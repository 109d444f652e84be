import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { parallelRun as text } from '../text/parallel-run.js';
import type { InProject } from '../util/path-builder.js';

const remove = graphql(
  `
    mutation RemoveParallelRunRule($input: RemoveParallelRunRuleInput!) {
      removeParallelRunRule(input: $input) {
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
  readonly rule: { readonly id: string; readonly path: string; readonly reason: string };
  readonly version: number;
  readonly onClose: () => void;
}

/** Lets a difference count again. The API has no place for a reason. */
export function ParallelRunRuleRemove({ at, run, rule, version, onClose }: Props) {
  const words = text.rules.removal;
  return (
    <ReasonDialog
      title={words.title(rule.path)}
      verb={words.verb}
      isDangerous
      reason="none"
      document={remove}
      version={version}
      toVariables={(_reason, expectedVersion) => ({ input: { ...at, run, rule: rule.id, expectedVersion } })}
      onDone={onClose}
      onClose={onClose}
    >
      {words.text(rule.reason)}
    </ReasonDialog>
  );
}
