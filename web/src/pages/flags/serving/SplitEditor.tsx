import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Complaints } from '../../../components/drafts/Complaints.js';
import { serving } from '../../../text/serving.js';
import { formatShare, FULL_SHARE, parseShare } from '../../../util/share.js';
import {
  evenSplit,
  filledUp,
  missingShare,
  type Share,
  sharesOfAll,
  type Split,
  withBucketing,
  withShare,
} from '../../../util/split.js';
import classes from './Serving.module.css';

interface Props {
  readonly split: Split;
  readonly variations: readonly string[];
  /** Key of the flag: the seed unless another is said. */
  readonly flag: string;
  readonly onChange: (split: Split) => void;
}

const text = serving.serve;

/** Shares of variations, which must be 100 % together, and by what a context falls into one of them. */
export function SplitEditor({ split, variations, flag, onChange }: Props) {
  const missing = missingShare(split);
  return (
    <div className={classes['split']}>
      {sharesOfAll(split, variations).map((share) => (
        <ShareRow
          key={share.variation}
          share={share}
          isWhole={missing === 0}
          onChange={(next) => onChange(withShare(split, share.variation, next))}
          onFill={() => onChange(filledUp(split, share.variation))}
        />
      ))}
      <Group gap="xs">
        <Text size="sm" role="status" {...(missing !== 0 && { c: 'var(--mantine-color-error)' })}>
          {missing === 0
            ? text.whole
            : missing > 0
              ? text.missing(formatShare(missing))
              : text.tooMuch(formatShare(-missing))}
        </Text>
        <Button variant="subtle" size="compact-xs" onClick={() => onChange(evenSplit(split, variations))}>
          {text.even}
        </Button>
      </Group>
      <Complaints of={[split, ...split.shares]} />
      <div className={classes['bucketing']} role="group" aria-label={text.bucketing}>
        <TextInput
          size="xs"
          label={text.bucketBy}
          placeholder={text.bucketByHint}
          value={split.bucketBy ?? ''}
          onChange={({ currentTarget }) => onChange(withBucketing(split, 'bucketBy', currentTarget.value))}
        />
        <TextInput
          size="xs"
          label={text.seed}
          placeholder={flag}
          value={split.seed ?? ''}
          onChange={({ currentTarget }) => onChange(withBucketing(split, 'seed', currentTarget.value))}
        />
        <NativeSelect
          size="xs"
          label={text.fallback}
          value={split.fallback ?? ''}
          data={[{ value: '', label: text.fallbackNone }, ...variations]}
          onChange={({ currentTarget }) => onChange(withBucketing(split, 'fallback', currentTarget.value))}
        />
      </div>
    </div>
  );
}

interface RowProps {
  readonly share: Share;
  readonly isWhole: boolean;
  readonly onChange: (share: number) => void;
  readonly onFill: () => void;
}

function ShareRow({ share: { variation, share }, isWhole, onChange, onFill }: RowProps) {
  // What is being typed, such as `12.`, is not always a share.
  const [typed, setTyped] = useState<string>();
  const isWrong = typed !== undefined && parseShare(typed) === undefined;
  return (
    <div className={classes['share']}>
      <span>{variation}</span>
      <TextInput
        size="xs"
        aria-label={text.share(variation)}
        inputMode="decimal"
        rightSection="%"
        value={typed ?? String(share / 1_000)}
        error={isWrong && text.notShare}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value);
          const next = parseShare(value);
          if (next !== undefined) onChange(next);
        }}
        onBlur={() => !isWrong && setTyped(undefined)}
      />
      <meter className={classes['bar']} min={0} max={FULL_SHARE} value={share} aria-hidden />
      {isWhole ? (
        <span />
      ) : (
        <Button
          variant="default"
          size="compact-xs"
          aria-label={text.fillWith(variation)}
          onClick={() => {
            setTyped(undefined);
            onFill();
          }}
        >
          {text.fill}
        </Button>
      )}
    </div>
  );
}
