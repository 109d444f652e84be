import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { guardrails as text } from '../text/guardrails.js';
import type { InProject } from '../util/path-builder.js';

const deleteGuardrail = graphql(
  `
    mutation DeleteGuardrail($input: DeleteGuardrailInput!) {
      deleteGuardrail(input: $input) {
        node {
          key
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
  readonly guardrail: { readonly key: string; readonly name: string; readonly version: number };
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Deletes a guardrail; its key must be typed. The API has no place for a reason. */
export function GuardrailDelete({ at, guardrail, onDone, onClose }: Props) {
  const words = text.act.deleteForm;
  return (
    <ReasonDialog
      title={words.title(guardrail.name)}
      verb={words.verb}
      isDangerous
      confirmName={guardrail.key}
      reason="none"
      document={deleteGuardrail}
      version={guardrail.version}
      toVariables={(_reason, expectedVersion) => ({ input: { ...at, guardrail: guardrail.key, expectedVersion } })}
      onDone={onDone}
      onClose={onClose}
    >
      {words.text}
    </ReasonDialog>
  );
}
