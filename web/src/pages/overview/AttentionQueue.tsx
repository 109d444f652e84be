import { Button, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { AppLink } from '../../components/AppLink.js';
import { ATTENTION_TONES } from '../../components/attention-tones.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { ReleaseActDialog } from '../../forms/release-act.js';
import { overview } from '../../text/overview.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { Moment } from '../../ui/Moment.js';
import { Panel } from '../../ui/Panel.js';
import { Sentence } from '../../ui/Sentence.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { type FlagKind, type Folded, foldFlags, isFolded } from '../../util/fold-flags.js';
import { may } from '../../util/may.js';
import { type InProject, pb, withSearch } from '../../util/path-builder.js';
import classes from './AttentionQueue.module.css';
import type { Attention } from './overview-query.js';

const text = overview.attention;
/** What is seen without asking for more: on a screen of 800 pixels what is in flight begins below it. */
const FIRST = 8;

/** What asks for somebody, the most pressing first: gone through by j and k, opened by Enter, approved by a. */
export function AttentionQueue({ items, at }: { readonly items: readonly Attention[]; readonly at: InProject }) {
  const [isAll, setAll] = useState(false);
  const [approving, setApproving] = useState<Attention>();
  const list = useRef<HTMLOListElement>(null);
  const rows = foldFlags(items);
  const shown = isAll ? rows : rows.slice(0, FIRST);
  const move = (by: number): void => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('a[data-row]') ?? [])];
    const here = links.findIndex((each) => each.closest('li')?.contains(document.activeElement));
    links[here === -1 ? 0 : Math.min(links.length - 1, Math.max(0, here + by))]?.focus();
  };
  useHotkeys([
    ['j', () => move(1)],
    ['k', () => move(-1)],
  ]);
  return (
    <Panel
      title={text.title}
      aside={
        items.length > 0 && (
          <Text size="xs" c="dimmed" visibleFrom="sm">
            {text.keys}
          </Text>
        )
      }
    >
      {items.length === 0 ? (
        <Text>
          {text.none}{' '}
          <Text span c="dimmed">
            {text.noneText}
          </Text>
        </Text>
      ) : (
        <ol className={classes['queue']} aria-label={text.list} ref={list}>
          {shown.map((row) =>
            isFolded(row) ? (
              <FlagsRow key={row.kind} row={row} at={at} />
            ) : (
              <Row key={`${row.kind} ${row.environment} ${row.targetId}`} item={row} onApprove={setApproving} />
            ),
          )}
        </ol>
      )}
      {rows.length > FIRST && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(!isAll)}>
          {isAll ? text.less : text.more(rows.length - FIRST)}
        </Button>
      )}
      {approving !== undefined && <Approval item={approving} onClose={() => setApproving(undefined)} />}
    </Panel>
  );
}

/** Many flags of one kind: the list of flags says which. */
function FlagsRow({ row: { kind, count, since }, at }: { readonly row: Folded; readonly at: InProject }) {
  return (
    <li>
      <span className={classes['kind']}>
        <StatusBadge tone={ATTENTION_TONES[kind]}>{text.kinds[kind]}</StatusBadge>
      </span>
      <span className={classes['what']}>
        <AppLink to={withSearch(pb.flags(at), LISTED[kind])} data-row>
          {text.flags[kind](count)}
        </AppLink>
        <span className={classes['sentence']}>
          {text.flagsText[kind]} {since.slice(0, 10)}.
        </span>
      </span>
      <span className={classes['since']}>
        <Moment at={since} />
      </span>
      <span className={classes['act']} />
    </li>
  );
}

/** How the list of flags is asked for those of a kind: those that are due soon come first in the order of their dates. */
const LISTED: Readonly<Record<FlagKind, Readonly<Record<string, string>>>> = {
  overdueFlag: { stage: 'overdue', sort: 'due' },
  dueFlag: { sort: 'due' },
};

interface RowProps {
  readonly item: Attention;
  readonly onApprove: (item: Attention) => void;
}

function Row({ item, onApprove }: RowProps) {
  const { kind, title, sentence, since, environment } = item;
  const mayApprove = useMayApprove(item);
  const isAsked = kind === 'awaitingApproval';
  return (
    <li
      onKeyDown={({ key, ctrlKey, metaKey, altKey }) => {
        if (key === 'a' && !ctrlKey && !metaKey && !altKey && isAsked && mayApprove.isAllowed) onApprove(item);
      }}
    >
      <span className={classes['kind']}>
        <StatusBadge tone={ATTENTION_TONES[kind]}>{text.kinds[kind]}</StatusBadge>
      </span>
      <span className={classes['what']}>
        <AppLink to={pathOf(item)} data-row>
          {title}
        </AppLink>
        {environment !== null && (
          <Text span c="dimmed" size="xs">
            {environment}
          </Text>
        )}
        <span className={classes['sentence']}>
          <Sentence>{sentence}</Sentence>
        </span>
      </span>
      <span className={classes['since']}>
        <Moment at={since} />
      </span>
      <span className={classes['act']}>
        {isAsked && (
          <ActionButton
            size="compact-sm"
            may={mayApprove}
            aria-label={text.approveOf(title)}
            onClick={() => onApprove(item)}
          >
            {text.approve}
          </ActionButton>
        )}
      </span>
    </li>
  );
}

function Approval({ item, onClose }: { readonly item: Attention; readonly onClose: () => void }) {
  const release = { id: item.targetId, name: item.title, environment: item.environment ?? '' };
  return (
    <ReleaseActDialog
      act="approve"
      release={release}
      isProduction={item.isProduction}
      may={useMayApprove(item)}
      onClose={onClose}
    />
  );
}

function useMayApprove({ project, environment }: Attention) {
  return may('release.approve', useViewerAbilities({ project, environment: environment ?? '' }));
}

function pathOf({ project, environment, target, targetId }: Attention): string {
  const at = { project, environment: environment ?? undefined };
  return pb[target](at, targetId);
}
