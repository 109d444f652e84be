import { Alert, Code, NativeSelect, SimpleGrid, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ComponentProps, ReactNode } from 'react';
import { graphql, type Json } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { PolicySteps } from '../components/PolicySteps.js';
import { type Theirs, useCommandForm } from '../components/use-command-form.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { policyForm as text } from '../text/policies.js';
import { JsonEditor } from '../ui/JsonEditor.js';
import type { Problem } from '../util/field-errors.js';
import { lineOfPointer } from '../util/locate-pointer.js';
import { both, may, type May } from '../util/may.js';
import type { InProject } from '../util/path-builder.js';
import { readPolicy } from '../util/policy-document.js';

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
  const of = useCommandForm({
    document: createPolicy,
    initialValues: begin === undefined ? EMPTY : { ...toWritten({ ...begin, parameters: [] }), key: '', name: '' },
    toVariables: ({ key, ...values }: WrittenPolicy) => ({
      input: { project: at.project, document: { key: key.trim(), ...toContent(values) } },
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
    <PolicyFields {...{ at, of, form, onCancel }} refusals={of.refusals} submit={text.create}>
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
  const of = useCommandForm({
    document: editPolicy,
    initialValues: toWritten(policy),
    version: policy.version,
    toVariables: ({ key, ...values }: WrittenPolicy, expectedVersion) => ({
      input: { project: at.project, policy: key, expectedVersion, document: toContent(values) },
    }),
    readTheirs,
    toShown: ({ name, description, parameters, document }) =>
      [name, description, parameters, document].filter((part) => part !== '').join('\n\n'),
    onDone,
  });
  return <PolicyFields {...{ at, of, onCancel }} form={of.form} refusals={of.refusals} submit={text.save} />;
}

interface FieldsProps {
  readonly at: InProject;
  readonly of: ComponentProps<typeof CommandForm>['of'];
  readonly form: UseFormReturnType<WrittenPolicy>;
  readonly refusals: readonly Problem[];
  readonly submit: string;
  readonly onCancel: () => void;
  readonly children?: ReactNode;
}

/** The fields of a policy, and beside its document how it reads. */
function PolicyFields({ at, of, form, refusals, submit, onCancel, children }: FieldsProps) {
  const { document, parameters } = form.getValues();
  const read = mayRead(form.getValues());
  const allowed = may('policy.write', useViewerAbilities({ project: at.project }));
  return (
    <CommandForm of={of} submit={submit} may={both(allowed, read)} onCancel={onCancel}>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Stack gap="sm">
          {children}
          <TextInput label={text.name} required {...form.getInputProps('name')} />
          <Textarea label={text.description} {...form.getInputProps('description')} />
          <JsonEditor
            label={text.document}
            description={text.documentHint}
            value={document}
            onChange={(next) => form.setFieldValue('document', next)}
            error={refusals.some(isOf('/document')) ? text.problems : undefined}
          />
          <Complaints json={document} field="/document" refusals={refusals} />
          <JsonEditor
            label={text.parameters}
            description={text.parametersHint}
            value={parameters}
            onChange={(next) => form.setFieldValue('parameters', next)}
            error={refusals.some(isOf('/parameters')) ? text.parametersProblems : undefined}
          />
          <Complaints json={parameters} field="/parameters" refusals={refusals} />
        </Stack>
        <section aria-label={text.preview}>
          <Title order={2}>{text.preview}</Title>
          <Text c="dimmed">{text.previewText}</Text>
          {read.isAllowed ? (
            <PolicySteps policy={readPolicy(JSON.parse(document), JSON.parse(parameters))} />
          ) : (
            <Alert color="yellow">{read.reason}</Alert>
          )}
        </section>
      </SimpleGrid>
    </CommandForm>
  );
}

/** What is wrong with a document, line by line. */
function Complaints(props: { readonly json: string; readonly field: string; readonly refusals: readonly Problem[] }) {
  const { json, field } = props;
  const of = props.refusals.filter(isOf(field));
  if (of.length === 0) return null;
  return (
    <Alert color="red" role="alert" py="xs">
      <ul>
        {of.map(({ pointer, message }) => {
          const inside = (pointer ?? '').slice(field.length);
          const line = lineOfPointer(json, inside);
          return (
            <li key={`${pointer} ${message}`}>
              {line !== undefined && text.line(line)} <Code>{inside === '' ? field : inside}</Code> {message}
            </li>
          );
        })}
      </ul>
    </Alert>
  );
}

const isOf =
  (field: string) =>
  ({ pointer }: Problem): boolean =>
    pointer === field || pointer?.startsWith(`${field}/`) === true;

const EMPTY: WrittenPolicy = { key: '', name: '', description: '', parameters: '[]', document: '{}' };

function toContent(written: Omit<WrittenPolicy, 'key'>): Readonly<Record<string, Json>> {
  const { name, description, parameters, document } = written;
  // Nothing is sent before both can be read.
  return { name, description, parameters: JSON.parse(parameters) as Json, document: JSON.parse(document) as Json };
}

function mayRead({ parameters, document }: WrittenPolicy): May {
  const fields = [
    [text.document, document],
    [text.parameters, parameters],
  ] as const;
  for (const [name, json] of fields) {
    try {
      JSON.parse(json);
    } catch (error) {
      return { isAllowed: false, reason: text.noJson(name, error instanceof Error ? error.message : String(error)) };
    }
  }
  return { isAllowed: true };
}

function pretty(value: Json): string {
  return JSON.stringify(value, null, 2);
}
