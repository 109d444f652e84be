import { NativeSelect, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { reviewStep as text } from '../../../text/new-release.js';
import { DiffView } from '../../../ui/DiffView.js';
import { BEGINNINGS } from '../../../util/release-draft.js';
import type { ReleaseProblems } from '../../../util/release-problems.js';
import classes from './NewReleasePage.module.css';
import type { Preview } from './release-queries.js';
import type { WrittenRelease } from './use-release-draft.js';

interface Props {
  readonly written: WrittenRelease;
  readonly preview: Preview | undefined;
  readonly problems: ReleaseProblems;
}

/** Shows what each change makes of what there is, and asks how the release is called and when it starts. */
export function ReviewStep({ written: { draft, change }, preview, problems: { fields } }: Props) {
  const diff = preview?.diff ?? [];
  const isRejected = fields['overrideRejection'] !== undefined || draft.overrideRejection !== '';
  return (
    <Stack gap="sm">
      <Title order={2}>{text.title}</Title>
      {diff.length === 0 && <Text c="dimmed">{text.none}</Text>}
      {diff.map(({ subject, before, after }) => (
        <section key={subject} aria-label={subject}>
          <Title order={3}>{subject}</Title>
          <DiffView before={before} after={after} labels={text.labels} />
        </section>
      ))}
      <fieldset className={classes['change']}>
        <legend>{text.details}</legend>
        <div className={classes['fields']}>
          <TextInput
            label={text.name}
            description={text.nameHint}
            value={draft.name}
            error={fields['name']}
            onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          />
          <NativeSelect
            label={text.begin}
            value={draft.begin}
            data={BEGINNINGS.map((value) => ({ value, label: text.begins[value] }))}
            error={fields['begin']}
            onChange={({ currentTarget: { value } }) =>
              change({ begin: BEGINNINGS.find((each) => each === value) ?? 'now' })
            }
          />
          {draft.begin === 'at' && (
            <TextInput
              type="datetime-local"
              label={text.scheduledAt}
              description={text.scheduledHint}
              value={draft.scheduledAt}
              error={fields['scheduledAt']}
              onChange={({ currentTarget }) => change({ scheduledAt: currentTarget.value })}
            />
          )}
        </div>
        <Stack gap="xs" mt="xs">
          <Textarea
            label={text.description}
            value={draft.description}
            error={fields['description']}
            onChange={({ currentTarget }) => change({ description: currentTarget.value })}
          />
          {isRejected && (
            <TextInput
              label={text.override}
              value={draft.overrideRejection}
              error={fields['overrideRejection']}
              onChange={({ currentTarget }) => change({ overrideRejection: currentTarget.value })}
            />
          )}
        </Stack>
      </fieldset>
    </Stack>
  );
}
