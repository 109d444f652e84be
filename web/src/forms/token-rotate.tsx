import { Modal, NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import { refreshTopics } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { tokens as text } from '../text/access.js';
import { FOCUSED } from '../ui/focused.js';
import { type Issued, TokenSecret } from './token-secret.js';

const rotateToken = graphql(
  `
    mutation RotateToken($input: RotateTokenInput!) {
      rotateToken(input: $input) {
        node {
          token {
            id
            name
            kind
          }
          secret
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

const OVERLAPS = Object.entries(text.rotate.overlaps).map(([value, label]) => ({ value, label }));

/** Makes a token in the place of another, which works on for an overlap. */
export function TokenRotate(props: {
  readonly token: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}) {
  const { token, onClose } = props;
  const [made, setMade] = useState<Issued>();
  const rotated = useCommandForm({
    document: rotateToken,
    initialValues: { overlapSeconds: '86400' },
    toVariables: ({ overlapSeconds }) => ({ input: { id: token.id, overlapSeconds: Number(overlapSeconds) } }),
    onDone: (node) => {
      refreshTopics(new Set(['token']));
      setMade(node);
    },
  });
  if (made !== undefined) return <TokenSecret issued={made} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={text.rotate.title(token.name)}>
      <CommandForm of={rotated} submit={text.rotate.submit} onCancel={onClose}>
        <Text>{text.rotate.text}</Text>
        <NativeSelect
          label={text.rotate.overlap}
          data={OVERLAPS}
          {...FOCUSED}
          {...rotated.form.getInputProps('overlapSeconds')}
        />
      </CommandForm>
    </Modal>
  );
}
