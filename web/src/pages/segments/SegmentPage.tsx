import { Alert, Group, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMemo, useState } from 'react';
import { useClient } from 'urql';
import type { Json } from '../../api/graphql.js';
import { load as read, present, useLoaded } from '../../api/live-query.js';
import { DraftFrame } from '../../components/drafts/DraftFrame.js';
import { Part, Parts } from '../../components/drafts/Parts.js';
import { useDraft } from '../../components/drafts/use-draft.js';
import { useDraftSave } from '../../components/drafts/use-draft-save.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { SegmentDelete } from '../../forms/segment-delete.js';
import { segments } from '../../text/segments.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { ChipsInput } from '../../ui/ChipsInput.js';
import { Moment } from '../../ui/Moment.js';
import { splitValues } from '../../util/clause.js';
import { both, type May, may } from '../../util/may.js';
import { pb } from '../../util/path-builder.js';
import { SegmentRules } from './SegmentRules.js';
import classes from './SegmentPage.module.css';
import { editSegment, FIELDS, reviewOf, type SegmentContent, segmentQuery, toSegment } from './segment-queries.js';
import { SegmentUses } from './SegmentUses.js';

const text = segments.page;

export const title = ({ params }: Place<'project' | 'segment'>) => params.segment;

export const load = ({ params, fetch }: Loading<'project' | 'segment'>) => fetch(segmentQuery, params);

export function Page(place: Place<'project' | 'segment'>) {
  const { project, segment } = place.params;
  return <SegmentEditor key={`${project} ${segment}`} {...place} />;
}

/** A segment, edited as one draft. */
function SegmentEditor({ params, at }: Place<'project' | 'segment'>) {
  const go = useGo();
  const client = useClient();
  const project = present(useLoaded(segmentQuery, params).project);
  const shown = present(project.segment);
  const others = (project.segments?.edges ?? []).map(({ node }) => node.key).filter((key) => key !== shown.key);
  const asked = useMemo(() => toSegment(shown), [shown]);
  const draft = useDraft<SegmentContent>(`segment ${params.project} ${params.segment}`, asked);
  const { content, edit } = draft;
  const [isDeleting, setDeleting] = useState(false);
  const saved = useDraftSave({
    draft,
    document: editSegment,
    toVariables: (changes, expectedVersion) => ({
      // Edits are JSON.
      input: { ...params, expectedVersion, document: changes as unknown as Json },
    }),
    readNode: toSegment,
    readTheirs: async () => {
      const data = await read(client, segmentQuery, params, 'network-only');
      return toSegment(present(data.project?.segment));
    },
    onDone: () => notifications.show({ message: text.saved(params.segment) }),
  });
  const mayWrite = may('segment.write', useViewerAbilities({ project: params.project }));
  const uses = shown.usedBy ?? [];
  const unused: May =
    uses.length === 0 ? { isAllowed: true } : { isAllowed: false, reason: segments.remove.inUse(uses.join(', ')) };
  const changed = FIELDS.filter((field) => draft.changes !== undefined && field in draft.changes);
  const [before, after] = useMemo(() => reviewOf(draft.stored.content, draft.result), [draft.stored, draft.result]);
  return (
    <DraftFrame
      draft={draft}
      saved={saved}
      changed={changed.map((field) => text.fields[field])}
      before={before}
      after={after}
      may={mayWrite}
      head={
        <>
          <Group justify="space-between" align="start">
            <Stack gap={2}>
              <Title order={1} className={classes['key']}>
                {params.segment}
              </Title>
              <Text size="sm" c="dimmed">
                {text.changedAt} <Moment at={shown.updatedAt} />
              </Text>
            </Stack>
            <ActionButton may={both(mayWrite, unused)} variant="default" onClick={() => setDeleting(true)}>
              {segments.remove.open}
            </ActionButton>
          </Group>
          {!mayWrite.isAllowed && (
            <Alert color="yellow" py="xs" title={text.locked}>
              {mayWrite.reason}
            </Alert>
          )}
        </>
      }
    >
      <SegmentUses at={at} uses={uses} />
      <Parts label={params.segment} isLocked={!mayWrite.isAllowed}>
        <TextInput
          label={text.name}
          maw={520}
          value={content.name}
          onChange={({ currentTarget: { value } }) => edit(() => ({ name: value }))}
        />
        <Textarea
          label={text.description}
          maw={520}
          value={content.description}
          onChange={({ currentTarget: { value } }) => edit(() => ({ description: value }))}
        />
        {(['included', 'excluded'] as const).map((list) => (
          <Part key={list} title={text[list]} text={text[`${list}Text`]}>
            <ChipsInput
              label={text[list]}
              values={content[list]}
              onChange={(values) => edit(() => ({ [list]: values }))}
              read={(given) => ({ values: splitValues(given) })}
              placeholder={text.keysHint}
            />
          </Part>
        ))}
        <SegmentRules
          rules={content.rules}
          segments={others}
          onEdit={(change) => edit(({ rules }) => ({ rules: change(rules) }))}
        />
      </Parts>
      {isDeleting && (
        <SegmentDelete
          project={params.project}
          segment={params.segment}
          version={draft.stored.version}
          may={mayWrite}
          onDone={() => {
            draft.discard();
            go(pb.segments(at));
          }}
          onClose={() => setDeleting(false)}
        />
      )}
    </DraftFrame>
  );
}
