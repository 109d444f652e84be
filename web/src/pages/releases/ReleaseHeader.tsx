import { Group, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { usePaletteActs } from '../../components/palette-acts.js';
import { ReleaseStatusBadge } from '../../components/ReleaseBadges.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { ReleaseActDialog } from '../../forms/release-act.js';
import { releases as text } from '../../text/releases.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { Sentence } from '../../ui/Sentence.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { mayAct, offeredActs, type ReleaseAct } from '../../util/release-acts.js';
import classes from './ReleasePage.module.css';
import type { Release } from './release-query.js';

/** The way on is filled, the way back red: both are found without reading. */
const LOOKS: Readonly<Record<ReleaseAct, { readonly variant: string; readonly color?: string }>> = {
  approve: { variant: 'filled' },
  start: { variant: 'filled' },
  advance: { variant: 'light' },
  promote: { variant: 'filled' },
  pause: { variant: 'default' },
  resume: { variant: 'filled' },
  rollBack: { variant: 'filled', color: 'red' },
  abort: { variant: 'light', color: 'red' },
};

interface Props {
  readonly release: Release;
  readonly isProduction: boolean;
}

/** What is true of the release, in one sentence, and what can be done; stays in sight. */
export function ReleaseHeader({ release, isProduction }: Props) {
  const [asking, setAsking] = useState<ReleaseAct>();
  const { abilities } = release;
  const viewer = useViewerAbilities(release);
  const acts = useMemo(
    () => offeredActs(abilities).map((act) => ({ act, may: mayAct(act, viewer, abilities) })),
    [abilities, viewer],
  );
  usePaletteActs(
    useMemo(
      () =>
        acts
          .filter(({ may }) => may.isAllowed)
          .map(({ act }) => ({ label: text.verbs[act], run: () => setAsking(act) })),
      [acts],
    ),
  );
  return (
    <header className={classes['header']}>
      <div className={classes['truth']}>
        <Group gap="xs">
          <Title order={1}>{release.name}</Title>
          <ReleaseStatusBadge status={release.status} />
          <StatusBadge tone="neutral" icon={isProduction ? 'warning' : 'dot'}>
            {release.environment}
          </StatusBadge>
        </Group>
        <Text role="status" className={classes['sentence']}>
          <Sentence>{release.sentence}</Sentence>
        </Text>
      </div>
      <div role="group" aria-label={text.acts} className={classes['acts']}>
        {acts.map(({ act, may }) => (
          <ActionButton key={act} size="sm" may={may} {...LOOKS[act]} onClick={() => setAsking(act)}>
            {text.verbs[act]}
          </ActionButton>
        ))}
      </div>
      {asking !== undefined && (
        <ReleaseActDialog
          act={asking}
          release={release}
          isProduction={isProduction}
          may={mayAct(asking, viewer, abilities)}
          onClose={() => setAsking(undefined)}
        />
      )}
    </header>
  );
}
