import { Button, CopyButton, Group, Stack, Text, Title } from '@mantine/core';
import { AppLink } from '../../../components/AppLink.js';
import { copyStep as text, newRelease } from '../../../text/new-release.js';
import { ActionButton } from '../../../ui/ActionButton.js';
import { Icon } from '../../../ui/Icon.js';
import type { May } from '../../../util/may.js';
import type { ReleaseDraft } from '../../../util/release-draft.js';
import { RELEASE_STEPS, type ReleaseStep } from '../../../util/release-problems.js';
import classes from './NewReleasePage.module.css';
import type { Preview } from './release-queries.js';

interface Props {
  readonly preview: Preview | undefined;
  readonly counts: Readonly<Record<ReleaseStep, number>>;
  readonly pathOf: (step: ReleaseStep) => string;
  readonly begin: ReleaseDraft['begin'];
  readonly may: May;
  readonly isRunning: boolean;
  readonly onCreate: () => void;
}

const TEXTS = ['yaml', 'cliCommand', 'curlCommand'] as const;

/** Gives the same release as texts, and creates it. */
export function CopyStep({ preview, counts, pathOf, begin, may, isRunning, onCreate }: Props) {
  const wrong = RELEASE_STEPS.filter((step) => counts[step] > 0);
  return (
    <Stack gap="sm">
      <Title order={2}>{text.title}</Title>
      <Text c="dimmed">{text.text}</Text>
      {preview?.yaml === null && <Text>{text.none}</Text>}
      {TEXTS.map((kind) => {
        const written = preview?.[kind];
        if (!written) return null;
        return (
          <section key={kind} aria-label={text.texts[kind]}>
            <Group justify="space-between" mb={4}>
              <Group gap="xs">
                <Title order={3}>{text.texts[kind]}</Title>
                <Text size="sm" c="dimmed">
                  {text.hints[kind]}
                </Text>
              </Group>
              <CopyButton value={written}>
                {({ copied, copy }) => (
                  <Button
                    variant="default"
                    leftSection={<Icon name={copied ? 'check' : 'copy'} />}
                    onClick={copy}
                    aria-live="polite"
                  >
                    {copied ? text.copied : text.copy(text.texts[kind])}
                  </Button>
                )}
              </CopyButton>
            </Group>
            {/* It may scroll, so it can be reached by keyboard. */}
            <pre className={classes['text']} tabIndex={0}>
              {written}
            </pre>
          </section>
        );
      })}
      <Group justify="flex-end" gap="md">
        {wrong.map((step) => (
          <AppLink key={step} to={pathOf(step)}>
            {newRelease.steps[step]}: {newRelease.problems(counts[step])}
          </AppLink>
        ))}
        <ActionButton may={may} loading={isRunning} onClick={onCreate}>
          {text.create[begin]}
        </ActionButton>
      </Group>
    </Stack>
  );
}
