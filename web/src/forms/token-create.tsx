import { Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { refreshTopics } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { tokens as text } from '../text/access.js';
import { FOCUSED } from '../ui/focused.js';
import { toInstant } from '../util/local-moment.js';
import { may } from '../util/may.js';
import { PlaceFields, toPlace } from './place-fields.js';
import { type Issued, TokenSecret } from './token-secret.js';

const createToken = graphql(
  `
    mutation CreateToken($input: CreateTokenInput!) {
      createToken(input: $input) {
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

const KINDS = ['server', 'client', 'ci', 'admin'] as const;
const CHOICES = KINDS.map((value) => ({ value, label: text.kinds[value] }));
const NEEDS = { server: 'environment', client: 'environment', ci: 'project', admin: undefined } as const;

const toKind = (word: string): (typeof KINDS)[number] => KINDS.find((kind) => kind === word) ?? 'server';

/** Makes a token; it is shown once. `project` is the place proposed. */
export function TokenCreate({ project, onClose }: { readonly project: string; readonly onClose: () => void }) {
  const [made, setMade] = useState<Issued>();
  const created = useCommandForm({
    document: createToken,
    initialValues: { kind: 'server', name: '', owner: '', project, environment: '', expiresAt: '' },
    toVariables: ({ kind, name, owner, expiresAt, ...place }) => ({
      input: {
        kind: toKind(kind),
        name: name.trim(),
        owner: owner.trim() || null,
        expiresAt: toInstant(expiresAt) ?? null,
        ...toPlace(place),
      },
    }),
    onDone: (node) => {
      refreshTopics(new Set(['token']));
      setMade(node);
    },
  });
  const { form } = created;
  const values = form.getValues();
  const mayCreate = may('token.write', useViewerAbilities(values.project === '' ? undefined : values));
  const needs = NEEDS[toKind(values.kind)];
  if (made !== undefined) return <TokenSecret issued={made} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={text.create.title}>
      <CommandForm of={created} submit={text.create.submit} may={mayCreate} onCancel={onClose}>
        <NativeSelect label={text.create.kind} data={CHOICES} {...FOCUSED} {...form.getInputProps('kind')} />
        <TextInput
          label={text.create.name}
          description={text.create.nameHint}
          required
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <PlaceFields
          place={values}
          onChange={(place) => form.setValues(place)}
          errors={form.errors}
          {...(needs !== undefined && { needs })}
        />
        <TextInput
          label={text.create.owner}
          description={text.create.ownerHint}
          autoComplete="off"
          {...form.getInputProps('owner')}
        />
        <TextInput
          label={text.create.expires}
          description={text.create.expiresHint}
          type="datetime-local"
          {...form.getInputProps('expiresAt')}
        />
      </CommandForm>
    </Modal>
  );
}
