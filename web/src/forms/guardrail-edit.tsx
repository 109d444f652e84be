import { Alert, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { graphql, type Json } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { useCommandForm } from '../components/use-command-form.js';
import { command } from '../text/shell.js';
import { guardrails as text } from '../text/guardrails.js';
import { useReadDocument } from '../ui/use-read-document.js';
import type { InProject } from '../util/path-builder.js';
import { asJson, valueOf } from '../util/read-document.js';
import { GuardrailDocument, PLACES, type WrittenGuardrail } from './guardrail-document.js';

const editGuardrail = graphql(
  `
    mutation EditGuardrail($input: EditGuardrailInput!) {
      editGuardrail(input: $input) {
        node {
          key
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

/** What of a guardrail people write. */
export interface GuardrailContent {
  readonly version: number;
  readonly name: string;
  readonly statement: Json;
  readonly intervalSeconds: number;
  readonly failureLimit: number;
  readonly recoveryLimit: number;
  readonly onBroken: Json;
}

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly guardrail: GuardrailContent & { readonly key: string };
  /** Reads what is stored now. */
  readonly readTheirs: () => Promise<GuardrailContent>;
  readonly onClose: () => void;
}

export function GuardrailEdit({ at, guardrail, readTheirs, onClose }: Props) {
  const words = text.form;
  const read = useReadDocument();
  const of = useCommandForm({
    document: editGuardrail,
    initialValues: written(guardrail),
    version: guardrail.version,
    toVariables: ({ document }: WrittenGuardrail, expectedVersion) => ({
      input: { ...at, guardrail: guardrail.key, expectedVersion, document: valueOf(read(document)) },
    }),
    places: PLACES,
    readTheirs: async () => {
      const theirs = await readTheirs();
      return { version: theirs.version, values: written(theirs) };
    },
    toShown: ({ document }) => asJson(document, read(document)),
    onDone: () => {
      notifications.show({ message: words.done });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={words.editTitle} size="xl">
      <GuardrailDocument at={at} of={of} submit={command.save} onCancel={onClose}>
        <Alert color="yellow" py="xs">
          {words.restart}
        </Alert>
      </GuardrailDocument>
    </Modal>
  );
}

function written(content: GuardrailContent): WrittenGuardrail {
  const { name, statement, intervalSeconds, failureLimit, recoveryLimit, onBroken } = content;
  const document = { name, statement, intervalSeconds, failureLimit, recoveryLimit, onBroken };
  return { document: JSON.stringify(document, null, 2) };
}
