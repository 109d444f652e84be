import { Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useViewerAbilities } from '../../../components/use-viewer.js';
import { FlagEdit } from '../../../forms/flag-edit.js';
import { FlagRetire } from '../../../forms/flag-retire.js';
import { flag as text } from '../../../text/flag.js';
import { flags as listText } from '../../../text/flags.js';
import { ActionButton } from '../../../ui/ActionButton.js';
import { KeyValue } from '../../../ui/KeyValue.js';
import { Moment } from '../../../ui/Moment.js';
import { may, type May } from '../../../util/may.js';
import type { InProject } from '../../../util/path-builder.js';
import type { ShownFlag } from '../flag-query.js';

const DAY_MS = 24 * 3_600_000;
const PROPOSED_DAYS = 14;
const LATELY_DAYS = 7;
const words = text.settings;

/** A flag that is about to be removed, and environments in which services asked for it lately. */
export interface RemovedFlag {
  readonly flag: { readonly key: string; readonly version: number };
  readonly askedIn: readonly string[];
}

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly flag: ShownFlag;
  readonly onRemove: (removed: RemovedFlag) => void;
}

/** What people know of a flag, and its end. */
export function SettingsTab({ at, flag, onRemove }: Props) {
  const mayWrite = may('flag.write', useViewerAbilities(at));
  const [asked, setAsked] = useState<'edit' | 'retire'>();
  const [now] = useState(() => Date.now());
  const close = (): void => setAsked(undefined);
  const askedIn = (flag.usage ?? [])
    .filter(({ lastEvaluatedAt }) => Date.parse(lastEvaluatedAt ?? '') > now - LATELY_DAYS * DAY_MS)
    .map(({ environment }) => environment);
  return (
    <Stack gap="md">
      <Paper withBorder p="md">
        <Stack gap="sm">
          <Title order={2} size="h3">
            {words.details}
          </Title>
          <KeyValue
            items={{
              [words.name]: flag.name,
              [words.description]: flag.description === '' ? '–' : flag.description,
              [text.facts.purpose]: listText.purposes[flag.purpose],
              [text.facts.owner]: flag.owner ?? text.nobody,
              [text.facts.due]: <Moment at={flag.dueAt} absent={text.noDue} />,
              [text.facts.tags]: flag.tags.length === 0 ? text.noTags : flag.tags.join(', '),
            }}
          />
          <Group>
            <ActionButton may={mayWrite} variant="default" onClick={() => setAsked('edit')}>
              {words.edit}
            </ActionButton>
          </Group>
        </Stack>
      </Paper>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <End
          title={words.retire.title}
          text={words.retire.text}
          verb={words.retire.verb}
          may={mayWrite}
          onAsk={() => setAsked('retire')}
        />
        <End
          title={words.remove.title}
          text={words.remove.text}
          verb={words.remove.verb}
          may={mayWrite}
          isDangerous
          onAsk={() => onRemove({ flag, askedIn })}
        >
          {askedIn.length > 0 && <Text>{words.remove.stillAsked(askedIn.join(', '))}</Text>}
        </End>
      </SimpleGrid>
      {asked === 'edit' && <FlagEdit at={at} flag={flag} knownTags={flag.tags} onClose={close} />}
      {asked === 'retire' && (
        <FlagRetire
          at={at}
          flag={flag}
          day={flag.dueAt?.slice(0, 10) ?? new Date(now + PROPOSED_DAYS * DAY_MS).toISOString().slice(0, 10)}
          onClose={close}
        />
      )}
    </Stack>
  );
}

function End(props: {
  readonly title: string;
  readonly text: string;
  readonly verb: string;
  readonly may: May;
  readonly isDangerous?: boolean;
  readonly onAsk: () => void;
  readonly children?: ReactNode;
}) {
  return (
    <Paper withBorder p="md">
      <Stack gap="sm" align="start">
        <Title order={2} size="h3">
          {props.title}
        </Title>
        <Text>{props.text}</Text>
        {props.children}
        <ActionButton
          may={props.may}
          variant={props.isDangerous === true ? 'outline' : 'default'}
          {...(props.isDangerous === true && { color: 'red' })}
          onClick={props.onAsk}
        >
          {props.verb}
        </ActionButton>
      </Stack>
    </Paper>
  );
}
