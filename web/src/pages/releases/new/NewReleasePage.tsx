import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { present, useLoaded } from '../../../api/live-query.js';
import { useCommand } from '../../../api/use-command.js';
import { Banner } from '../../../components/Banner.js';
import type { Loading, Place } from '../../../components/screen.js';
import { useGo } from '../../../components/use-go.js';
import { useViewerAbilities } from '../../../components/use-viewer.js';
import { newRelease as text } from '../../../text/new-release.js';
import { useTold } from '../../../ui/use-told.js';
import type { Problem } from '../../../util/field-errors.js';
import { may } from '../../../util/may.js';
import { pb, withSearch } from '../../../util/path-builder.js';
import {
  mergeProblems,
  placeReleaseProblems,
  RELEASE_STEPS,
  type ReleaseStep,
} from '../../../util/release-problems.js';
import { oneOf, searchWords, textWord } from '../../../util/search-words.js';
import { ChangesStep } from './ChangesStep.js';
import { CopyStep } from './CopyStep.js';
import classes from './NewReleasePage.module.css';
import { Outlook } from './Outlook.js';
import { PolicyStep } from './PolicyStep.js';
import { choicesQuery, createRelease } from './release-queries.js';
import { ReviewStep } from './ReviewStep.js';
import { StepLinks } from './StepLinks.js';
import { usePreview } from './use-preview.js';
import { useReleaseDraft } from './use-release-draft.js';

const words = searchWords({
  step: oneOf(RELEASE_STEPS, 'changes'),
  // What a link from elsewhere says.
  ...{ policy: textWord(), flag: textWord(), service: textWord(), version: textWord(), run: textWord() },
});

export const { title } = text;

export const load = ({ params, fetch }: Loading<'project'>) => fetch(choicesQuery, { project: params.project });

/** Writes a release step by step, and shows all the while what it would come to. */
export function Page({ params, search, at }: Place<'project'>) {
  const go = useGo();
  const { step, ...seed } = words.read(search);
  const choices = present(useLoaded(choicesQuery, { project: params.project }).project);
  const written = useReleaseDraft(params.project, seed);
  const { draft } = written;
  const { document, preview, failure, isAsking } = usePreview(draft, at);
  const { run, isRunning } = useCommand(createRelease);
  // Until something is changed: of another document it may be true no more.
  const [refusal, setRefusal] = useState<{ readonly of: unknown; readonly problems: readonly Problem[] }>();
  const refused = refusal?.of === document ? refusal.problems : [];
  const tell = useTold();
  const [isLookedAt, setLookedAt] = useState(false);
  if (step !== 'changes' && !isLookedAt) setLookedAt(true);
  const told = mergeProblems(preview?.problems ?? [], refused).map((each) => ({
    ...each,
    message: tell(each.message),
  }));
  const problems = placeReleaseProblems(draft, told, isLookedAt);
  const mayCreate = may('release.write', useViewerAbilities(at));

  const pathOf = (to: ReleaseStep): string => withSearch(pb.releaseNew(at), { step: to === 'changes' ? '' : to });
  const create = async (): Promise<void> => {
    const outcome = await run({ input: { document } });
    switch (outcome.kind) {
      case 'done':
        written.startOver();
        go(pb.release(at, outcome.node.id), 'replace');
        return;
      case 'failed':
        setRefusal({
          of: document,
          problems: [{ ...outcome.failure, message: outcome.failure.message, pointer: null }],
        });
        return;
      case 'refused':
        setRefusal({ of: document, problems: outcome.problems });
    }
  };

  const index = RELEASE_STEPS.indexOf(step);
  const [before, after] = [RELEASE_STEPS[index - 1], RELEASE_STEPS[index + 1]];
  const of = { at, choices, written, problems };
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1}>{text.title}</Title>
        {!written.isEmpty && (
          <Button variant="subtle" onClick={() => (written.startOver(), go(pathOf('changes')))}>
            {text.startOver}
          </Button>
        )}
      </Group>
      <StepLinks current={step} counts={problems.counts} pathOf={pathOf} />
      <div className={classes['columns']}>
        <section aria-label={text.steps[step]} className={classes['step']}>
          <Stack gap="sm">
            <Banner problems={[...problems.rest, ...(failure === undefined ? [] : [failure])]} />
            {step === 'changes' && <ChangesStep {...of} />}
            {step === 'policy' && <PolicyStep {...of} />}
            {step === 'review' && <ReviewStep {...of} preview={preview} />}
            {step === 'copy' && (
              <CopyStep
                preview={preview}
                counts={problems.counts}
                pathOf={pathOf}
                begin={draft.begin}
                may={mayCreate}
                isRunning={isRunning}
                onCreate={() => void create()}
              />
            )}
            <Group justify="space-between">
              {before === undefined ? (
                <Text c="dimmed">{text.kept}</Text>
              ) : (
                <Button variant="default" onClick={() => go(pathOf(before))}>
                  {text.back}
                </Button>
              )}
              {after !== undefined && <Button onClick={() => go(pathOf(after))}>{text.next(text.steps[after])}</Button>}
            </Group>
          </Stack>
        </section>
        <Outlook at={at} written={written} preview={preview} isAsking={isAsking} hasSteps={step === 'policy'} />
      </div>
    </Stack>
  );
}
