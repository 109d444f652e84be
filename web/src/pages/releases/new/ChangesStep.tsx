import { ActionIcon, Button, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { changesStep as text } from '../../../text/new-release.js';
import { EmptyState } from '../../../ui/EmptyState.js';
import { Icon } from '../../../ui/Icon.js';
import type { InProject } from '../../../util/path-builder.js';
import { EMPTY_CHANGES, type WrittenChange } from '../../../util/release-draft.js';
import type { ReleaseProblems } from '../../../util/release-problems.js';
import { FlagChangeFields } from './FlagChangeFields.js';
import classes from './NewReleasePage.module.css';
import type { Choices } from './release-queries.js';
import { RunChangeFields } from './RunChangeFields.js';
import { ServiceChangeFields } from './ServiceChangeFields.js';
import type { WrittenRelease } from './use-release-draft.js';

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly choices: Choices;
  readonly written: WrittenRelease;
  readonly problems: ReleaseProblems;
}

const KINDS = ['flag', 'service', 'parallelRun'] as const;

/** Lists what the release changes. */
export function ChangesStep({ at, choices, written, problems: { fields } }: Props) {
  const { draft, change, changeAt } = written;
  const remove = (index: number): void => change({ changes: draft.changes.filter((_each, at) => at !== index) });
  const fieldsOf = (each: WrittenChange, index: number): ReactNode => {
    const errorOf = (field: string): string | undefined => fields[`changes.${index}.${field}`];
    const say = (changes: Partial<WrittenChange>): void => changeAt(index, changes);
    switch (each.kind) {
      case 'flag':
        return <FlagChangeFields at={at} change={each} say={say} errorOf={errorOf} />;
      case 'service':
        return <ServiceChangeFields {...{ at, choices, change: each, say, errorOf }} />;
      case 'parallelRun':
        return <RunChangeFields {...{ choices, change: each, say, errorOf }} />;
    }
  };
  return (
    <Stack gap="sm">
      <Title order={2}>{text.title}</Title>
      {draft.changes.length === 0 ? (
        <EmptyState title={text.none} cli={text.cli}>
          {text.text}
        </EmptyState>
      ) : (
        draft.changes.map((each, index) => (
          // Their places are what tells them apart: what they are of is being written.
          <fieldset key={index} className={classes['change']}>
            <legend>{text.change(index + 1, text.kinds[each.kind])}</legend>
            <Group align="flex-start" wrap="nowrap" gap="xs">
              <Stack gap="xs" flex={1} miw={0}>
                {fields[`changes.${index}`] !== undefined && (
                  <Text c="var(--mantine-color-error)" role="alert">
                    {fields[`changes.${index}`]}
                  </Text>
                )}
                {fieldsOf(each, index)}
              </Stack>
              <ActionIcon aria-label={text.remove(index + 1)} onClick={() => remove(index)}>
                <Icon name="cross" />
              </ActionIcon>
            </Group>
          </fieldset>
        ))
      )}
      {fields['changes'] !== undefined && (
        <Text c="var(--mantine-color-error)" role="alert">
          {fields['changes']}
        </Text>
      )}
      <Group gap="xs" role="group" aria-label={text.addLabel}>
        {KINDS.map((kind) => (
          <Button
            key={kind}
            variant="default"
            leftSection={<Icon name="plus" />}
            onClick={() => change({ changes: [...draft.changes, EMPTY_CHANGES[kind]] })}
          >
            {text.add[kind]}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}
