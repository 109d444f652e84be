import { Alert, NativeSelect, SimpleGrid, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { type ComponentProps, type ReactNode, useMemo } from 'react';
import { graphql, type Json } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { DocumentField, mayRead } from '../components/DocumentField.js';
import { PolicySteps } from '../components/PolicySteps.js';
import { type Theirs, useCommandForm } from '../components/use-command-form.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { policyForm as text } from '../text/policies.js';
import { useReadDocument } from '../ui/use-read-document.js';
import type { Problem } from '../util/field-errors.js';
import { both, may } from '../util/may.js';
import type { InProject } from '../util/path-builder.js';
import { readPolicy } from '../util/policy-document.js';
import { asJson, valueOf } from '../util/read-document.js';

const createPolicy = graphql(
  `
    mutation CreatePolicy($input: CreatePolicyInput!) {
      createPolicy(input: $input) {
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

const editPolicy = graphql(
  `
    mutation EditPolicy($input: EditPolicyInput!) {
      editPolicy(input: $input) {
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

type Read = ReturnType<typeof useReadDocument>;

/** A policy while it is written: its documents as text. */
export interface WrittenPolicy {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly parameters: string;
  readonly document: string;
}

/** A policy as the API has it. */
export interface PolicyContent {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly parameters: Json;
  readonly document: Json;
}

export function toWritten({ key, name, description, parameters, document }: PolicyContent): WrittenPolicy {
  return { key, name, description, parameters: pretty(parameters), document: pretty(document) };
}

interface CreateProps {
  readonly at: InProject;
  readonly presets: readonly Omit<PolicyContent, 'parameters'>[];
  /** Key of the preset that it begins with. */
  readonly from: string;
  readonly onFrom: (preset: string) => void;
  readonly onDone: (key: string) => void;
  readonly onCancel: () => void;
}

/** Writes a policy, beginning with a preset. */
export function PolicyCreate({ at, presets, from, onFrom, onDone, onCancel }: CreateProps) {
  const begin = presets.find(({ key }) => key === from) ?? presets[0];
  const read = useReadDocument();
  const of = useCommandForm({
    document: createPolicy,
    initialValues: begin === undefined ? EMPTY : { ...toWritten({ ...begin, parameters: [] }), key: '', name: '' },
    toVariables: ({ key, ...values }: WrittenPolicy) => ({
      input: { project: at.project, document: { key: key.trim(), ...toContent(values, read) } },
    }),
    onDone: ({ key }) => onDone(key),
  });
  const { form } = of;
  const beginWith = (key: string): void => {
    const preset = presets.find((each) => each.key === key);
    if (preset !== undefined) form.setFieldValue('document', pretty(preset.document));
    onFrom(key);
  };
  return (
    <PolicyFields {...{ at, of, form, onCancel }} refusals={of.refusals} sent={of.sent} submit={text.create}>
      <NativeSelect
        label={text.from}
        description={text.fromHint}
        value={begin?.key ?? ''}
        data={presets.map(({ key, name }) => ({ value: key, label: name }))}
        onChange={({ currentTarget }) => beginWith(currentTarget.value)}
      />
      <TextInput
        label={text.key}
        description={text.keyHint}
        required
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('key')}
      />
    </PolicyFields>
  );
}

interface EditProps {
  readonly at: InProject;
  readonly policy: PolicyContent & { readonly version: number };
  readonly readTheirs: () => Promise<Theirs<WrittenPolicy>>;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

/** Writes a policy's next version. */
export function PolicyEdit({ at, policy, readTheirs, onDone, onCancel }: EditProps) {
  const read = useReadDocument();
  const of = useCommandForm({
    document: editPolicy,
    initialValues: toWritten(policy),
    version: policy.version,
    toVariables: ({ key, ...values }: WrittenPolicy, expectedVersion) => ({
      input: { project: at.project, policy: key, expectedVersion, document: toContent(values, read) },
    }),
    readTheirs,
    toShown: ({ name, description, parameters, document }) =>
      [name, description, asJson(parameters, read(parameters)), asJson(document, read(document))]
        .filter((part) => part !== '')
        .join('\n\n'),
    onDone,
  });
  const { form, refusals, sent } = of;
  return <PolicyFields {...{ at, of, form, refusals, sent, onCancel }} submit={text.save} />;
}

interface FieldsProps {
  readonly at: InProject;
  readonly of: ComponentProps<typeof CommandForm>['of'];
  readonly form: UseFormReturnType<WrittenPolicy>;
  readonly refusals: readonly Problem[];
  readonly sent: WrittenPolicy | undefined;
  readonly submit: string;
  readonly onCancel: () => void;
  readonly children?: ReactNode;
}

/** The fields of a policy, and beside its document how it reads. */
function PolicyFields({ at, of, form, refusals, sent, submit, onCancel, children }: FieldsProps) {
  const values = form.getValues();
  const read = useReadDocument();
  const document = useMemo(() => read(values.document), [read, values.document]);
  const parameters = useMemo(() => read(values.parameters), [read, values.parameters]);
  const isRead = both(mayRead(text.document, document), mayRead(text.parameters, parameters));
  const allowed = may('policy.write', useViewerAbilities({ project: at.project }));
  return (
    <CommandForm of={of} submit={submit} may={both(allowed, isRead)} onCancel={onCancel}>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Stack gap="sm">
          {children}
          <TextInput label={text.name} required {...form.getInputProps('name')} />
          <Textarea label={text.description} {...form.getInputProps('description')} />
          <DocumentField
            label={text.document}
            hint={text.documentHint}
            value={values.document}
            read={document}
            onChange={(next) => form.setFieldValue('document', next)}
            sent={sent?.document}
            problems={problemsOf(refusals, '/document')}
          />
          <DocumentField
            label={text.parameters}
            hint={text.parametersHint}
            value={values.parameters}
            read={parameters}
            onChange={(next) => form.setFieldValue('parameters', next)}
            sent={sent?.parameters}
            problems={problemsOf(refusals, '/parameters')}
          />
        </Stack>
        <section aria-label={text.preview}>
          <Title order={2}>{text.preview}</Title>
          <Text c="dimmed">{text.previewText}</Text>
          {isRead.isAllowed ? (
            <PolicySteps policy={readPolicy(valueOf(document), valueOf(parameters))} />
          ) : (
            <Alert color="yellow">{isRead.reason}</Alert>
          )}
        </section>
      </SimpleGrid>
    </CommandForm>
  );
}

/** What the server had against one part of what was sent; pointers begin at that part. */
function problemsOf(refusals: readonly Problem[], part: string): readonly Pick<Problem, 'message' | 'pointer'>[] {
  return refusals.flatMap(({ message, pointer }) =>
    pointer === part || pointer?.startsWith(`${part}/`) === true
      ? [{ message, pointer: pointer.slice(part.length) }]
      : [],
  );
}

const EMPTY: WrittenPolicy = { key: '', name: '', description: '', parameters: '[]', document: '{}' };

function toContent(written: Omit<WrittenPolicy, 'key'>, read: Read): Readonly<Record<string, Json>> {
  const { name, description, parameters, document } = written;
  return { name, description, parameters: valueOf(read(parameters)), document: valueOf(read(document)) };
}

function pretty(value: Json): string {
  return JSON.stringify(value, null, 2);
}
