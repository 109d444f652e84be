import { Group, Loader, NativeSelect, Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useCallback, useMemo, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { failureOf } from '../../../api/failure.js';
import { load, useLoaded } from '../../../api/live-query.js';
import type { Json } from '../../../api/graphql.js';
import { projectQuery } from '../../../api/project.js';
import { Banner } from '../../../components/Banner.js';
import { DraftFrame } from '../../../components/drafts/DraftFrame.js';
import { Part, Parts } from '../../../components/drafts/Parts.js';
import { useDraft } from '../../../components/drafts/use-draft.js';
import { useDraftSave } from '../../../components/drafts/use-draft-save.js';
import { useViewerAbilities } from '../../../components/use-viewer.js';
import { serving as text } from '../../../text/serving.js';
import { both, may } from '../../../util/may.js';
import { PrerequisitesEditor } from './PrerequisitesEditor.js';
import { RulesEditor } from './RulesEditor.js';
import { ServeEditor } from './ServeEditor.js';
import { ServingLock } from './ServingLock.js';
import classes from './Serving.module.css';
import {
  editSettings,
  type InEnvironment,
  namesQuery,
  servingQuery,
  type ShownSettings,
  toServing,
} from './serving-queries.js';
import { faultOf, FIELDS, reviewOf, type ServingContent } from './serving-content.js';
import { TargetsEditor } from './TargetsEditor.js';
import { readContext, Tester, write } from './Tester.js';
import { testedContexts } from './tested-contexts.js';
import { useExplanation } from './use-explanation.js';

interface Props {
  readonly at: InEnvironment;
  readonly flag: string;
}

/** What a flag serves in an environment: edited as one draft, tried before it is stored. */
export function ServingEditor({ at, flag }: Props) {
  const variables = { project: at.project, flag, environment: at.environment };
  const [{ data, error }] = useQuery({ query: servingQuery.document, variables, context: servingQuery.context });
  const shown = data?.project?.flag;
  if (shown?.settings) {
    const keys = shown.variations.map(({ key }) => key);
    const name = `serving ${at.project} ${at.environment} ${flag}`;
    return <Editor key={name} name={name} at={at} flag={flag} variations={keys} settings={shown.settings} />;
  }
  return error === undefined ? <Loader size="sm" /> : <Banner problems={[failureOf(error)]} />;
}

interface EditorProps extends Props {
  /** Of the draft. */
  readonly name: string;
  readonly variations: readonly string[];
  readonly settings: ShownSettings;
}

function Editor({ name, at, flag, variations, settings }: EditorProps) {
  const { project, environment } = at;
  const client = useClient();
  const asked = useMemo(() => toServing(settings), [settings]);
  const draft = useDraft<ServingContent>(name, asked);
  const { content, edit } = draft;
  const { hold } = settings;
  const [takeOver, setTakeOver] = useState<string>();
  const isTakingOver = hold !== null && takeOver !== undefined;
  const saved = useDraftSave({
    draft,
    document: editSettings,
    toVariables: (changes, expectedVersion) => ({
      // Edits are JSON.
      input: {
        ...{ project, environment, flag, expectedVersion, document: changes as unknown as Json },
        takeOver: isTakingOver ? takeOver.trim() : null,
      },
    }),
    readNode: toServing,
    readTheirs: async () => {
      const read = await load(client, servingQuery, { project, flag, environment }, 'network-only');
      return toServing(read.project?.flag?.settings ?? settings);
    },
    onDone: () => {
      setTakeOver(undefined);
      notifications.show({ message: text.saved(flag, environment) });
    },
  });
  const [context, setContext] = useState(() => testedContexts()[0] ?? write({ targetingKey: 'user-1' }));
  const readable = useMemo(() => readContext(context), [context]);
  const answer = useExplanation({ at, flag, context: readable, draft: draft.changes, version: draft.stored.version });
  const matched = useMemo(
    () => new Set((answer.explanation?.rules ?? []).filter(({ match }) => match === 'yes').map(({ id }) => id)),
    [answer.explanation],
  );
  const names = useNames(project, flag);
  const isProduction = useIsProduction(at);
  const mayWrite = may('flag.write', useViewerAbilities(at));
  const mayEdit = isTakingOver ? mayWrite : both(mayWrite, may('editFlagSettings', settings.abilities));
  const changed = FIELDS.filter((field) => draft.changes !== undefined && field in draft.changes);
  const [before, after] = useMemo(() => reviewOf(draft.stored.content, draft.result), [draft.stored, draft.result]);

  const editRules = useCallback(
    (change: (rules: ServingContent['rules']) => ServingContent['rules']) =>
      edit(({ rules }) => ({ rules: change(rules) })),
    [edit],
  );
  return (
    <DraftFrame
      draft={draft}
      saved={saved}
      changed={changed.map((field) => text.fields[field])}
      before={before}
      after={after}
      reviewFor={isProduction ? environment : undefined}
      fault={isTakingOver && takeOver.trim() === '' ? text.takeOver.sayWhy : faultOf(content)}
      may={mayEdit}
      head={
        <ServingLock
          at={at}
          may={mayEdit}
          mayWrite={mayWrite}
          hold={hold}
          takeOver={takeOver}
          onTakeOver={setTakeOver}
        />
      }
    >
      <div className={classes['columns']}>
        <Parts label={flag} isLocked={!mayEdit.isAllowed}>
          <Part title={text.state.title} text={content.on ? text.state.hint.on : text.state.hint.off}>
            <Group gap="lg" align="end">
              <Switch
                label={text.state.on}
                checked={content.on}
                onChange={({ currentTarget: { checked } }) => edit(() => ({ on: checked }))}
              />
              <NativeSelect
                size="xs"
                label={text.state.off}
                value={content.offVariation ?? ''}
                data={[{ value: '', label: text.state.callersDefault }, ...variations]}
                onChange={({ currentTarget: { value } }) => edit(() => ({ offVariation: value === '' ? null : value }))}
              />
            </Group>
          </Part>
          <PrerequisitesEditor
            prerequisites={content.prerequisites}
            flags={names.flags}
            onEdit={(change) => edit(({ prerequisites }) => ({ prerequisites: change(prerequisites) }))}
          />
          <TargetsEditor
            targets={content.targets}
            variations={variations}
            onEdit={(change) => edit(({ targets }) => ({ targets: change(targets) }))}
          />
          <RulesEditor
            rules={content.rules}
            stored={draft.base.rules}
            variations={variations}
            segments={names.segments}
            flag={flag}
            isLocked={!mayEdit.isAllowed}
            matched={matched}
            onEdit={editRules}
          />
          <Part title={text.serve.otherwise} text={text.serve.otherwiseText}>
            <ServeEditor
              serve={content.defaultServe}
              before={draft.base.defaultServe}
              variations={variations}
              flag={flag}
              isOfRule={false}
              takesNull
              onChange={(defaultServe) => edit(() => ({ defaultServe }))}
            />
          </Part>
        </Parts>
        <Tester
          content={content}
          isDraft={draft.changes !== undefined}
          answer={answer}
          context={context}
          onContext={setContext}
        />
      </div>
    </DraftFrame>
  );
}

/** Names to choose from: a comfort, as names can be typed. */
function useNames(project: string, flag: string) {
  const { document: query, context } = namesQuery;
  const [{ data }] = useQuery({ query, variables: { project }, context });
  return useMemo(() => {
    const others = (data?.project?.flags?.edges ?? []).filter(({ node }) => node.key !== flag);
    return {
      segments: (data?.project?.segments?.edges ?? []).map(({ node }) => node.key),
      flags: new Map(others.map(({ node }) => [node.key, node.variations.map(({ key }) => key)])),
    };
  }, [data, flag]);
}

function useIsProduction({ project, environment }: InEnvironment): boolean {
  const environments = useLoaded(projectQuery, { project }).project?.environments ?? [];
  return environments.some(({ key, production }) => key === environment && production);
}
