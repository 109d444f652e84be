import { Alert, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { parallelRun as text } from '../text/parallel-run.js';
import { FOCUSED } from '../ui/focused.js';
import { BOUNDS_OF, RULE_KINDS, toEffect, type WrittenRule } from '../util/comparison-rule.js';
import type { InProject } from '../util/path-builder.js';
import { ParallelRunRulePrice } from './parallel-run-rule-price.js';

const add = graphql(
  `
    mutation AddParallelRunRule($input: AddParallelRunRuleInput!) {
      addParallelRunRule(input: $input) {
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
  readonly owner: string | null;
  readonly version: number;
  /** What stands in the fields at first. */
  readonly rule: WrittenRule;
  readonly onClose: () => void;
}

/** Lets a difference pass, and tells before what that would hide. */
export function ParallelRunRuleAdd({ at, run, owner, version, rule, onClose }: Props) {
  const words = text.rules.form;
  const added = useCommandForm({
    document: add,
    initialValues: { ...rule, owner: owner ?? '', reason: '', expiresAt: '' },
    version,
    toVariables: (values, expectedVersion) => ({
      input: {
        ...{ ...at, run, expectedVersion },
        rule: {
          ...toEffect(values),
          owner: values.owner,
          reason: values.reason,
          expiresAt: values.expiresAt === '' ? null : `${values.expiresAt}T00:00:00Z`,
        },
      },
    }),
    onDone: onClose,
  });
  const { form } = added;
  const values = form.getValues();
  return (
    <Modal opened onClose={onClose} title={words.title} size="lg">
      <CommandForm of={added} submit={words.verb} onCancel={onClose}>
        <NativeSelect
          label={words.kind}
          data={RULE_KINDS.map((value) => ({ value, label: text.rules.kinds[value] }))}
          {...FOCUSED}
          {...form.getInputProps('kind')}
        />
        <TextInput label={words.path} description={words.pathHint} {...form.getInputProps('path')} />
        {BOUNDS_OF[values.kind].map((name) => (
          <TextInput
            key={name}
            label={words[name]}
            inputMode={name === 'field' ? 'text' : 'decimal'}
            {...form.getInputProps(name)}
          />
        ))}
        <ParallelRunRulePrice at={at} run={run} effect={toEffect(values)} />
        <TextInput label={words.owner} description={words.ownerHint} {...form.getInputProps('owner')} />
        <Textarea label={words.reason} required {...form.getInputProps('reason')} />
        <TextInput
          type="date"
          label={words.expiresAt}
          description={words.expiresHint}
          {...form.getInputProps('expiresAt')}
        />
        <Alert color="yellow" py="xs">
          {words.epoch}
        </Alert>
      </CommandForm>
    </Modal>
  );
}
