import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { releases as text } from '../../text/releases.js';
import { Elapsed } from '../../ui/Elapsed.js';
import { Icon, type IconName } from '../../ui/Icon.js';
import { Moment } from '../../ui/Moment.js';
import { Panel } from '../../ui/Panel.js';
import { Sentence } from '../../ui/Sentence.js';
import { formatDuration } from '../../util/moment.js';
import { formatCount, formatShare } from '../../util/share.js';
import { type DrawnStep, type Stretch, stepTrack } from '../../util/step-track.js';
import type { Step } from './release-query.js';
import classes from './StepTimeline.module.css';

const SIGNS: Readonly<Record<Step['state'], IconName>> = {
  done: 'check',
  current: 'play',
  ahead: 'ring',
  skipped: 'cross',
};
const TELLING_MS = 1_000;

interface Props {
  readonly steps: readonly Step[];
  readonly isUnderWay: boolean;
}

/** The steps of an attempt on one track of time: as planned, and as they came. A list, for who does not see it. */
export function StepTimeline({ steps, isUnderWay }: Props) {
  const now = useNow(isUnderWay);
  const drawn = stepTrack(steps, now);
  return (
    <Panel
      title={text.steps.title}
      aside={
        <Text c="dimmed" size="xs">
          {text.steps.legend}
        </Text>
      }
    >
      <ol className={classes['steps']}>
        {steps.map((step, index) => (
          <li
            key={step.index}
            data-state={step.state}
            {...(step.state === 'current' && { 'aria-current': 'step' as const })}
          >
            <StepRow step={step} drawn={drawn[index]} isUnderWay={isUnderWay} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

interface RowProps {
  readonly step: Step;
  readonly drawn: DrawnStep | undefined;
  readonly isUnderWay: boolean;
}

function StepRow({ step, drawn, isUnderWay }: RowProps) {
  const { index, share, sampling, holdSeconds, minimumUnits, state, gates } = step;
  const isEnd = state === 'current' && !isUnderWay;
  return (
    <>
      <div className={classes['head']}>
        <span className={classes['name']}>
          <Icon name={isEnd ? 'back' : SIGNS[state]} />
          {text.steps.step(index + 1, formatShare(share))}
          <span className={classes['state']}>{isEnd ? text.steps.ended : text.steps.states[state]}</span>
        </span>
        <span className={classes['when']}>
          <When step={step} isUnderWay={isUnderWay} />
        </span>
      </div>
      <Track drawn={drawn} />
      <div className={classes['asks']}>
        <span>{holdSeconds === 0 ? text.steps.noHold : text.steps.hold(formatDuration(holdSeconds * 1_000))}</span>
        {minimumUnits > 0 && <span>{text.steps.units(formatCount(minimumUnits))}</span>}
        {sampling > 0 && <span>{text.steps.sampling(formatShare(sampling))}</span>}
        {gates.map((gate) => (
          <span key={gate.sentence} data-open={gate.isOpen} className={classes['gate']}>
            <Icon name={gate.isOpen === true ? 'check' : 'clock'} size={12} />
            <Sentence>{gate.sentence}</Sentence> {state === 'current' && isUnderWay && gateWord(gate.isOpen)}
          </span>
        ))}
      </div>
    </>
  );
}

function When({ step, isUnderWay }: Pick<RowProps, 'step' | 'isUnderWay'>) {
  const { enteredAt, leftAt, expectedAt, plannedAt, state } = step;
  if (enteredAt !== null && leftAt !== null) {
    return (
      <>
        <Moment at={enteredAt} /> · {text.steps.lasted(formatDuration(Date.parse(leftAt) - Date.parse(enteredAt)))}
      </>
    );
  }
  if (enteredAt !== null && isUnderWay) {
    return (
      <>
        {text.steps.from} <Elapsed since={enteredAt} />
      </>
    );
  }
  if (expectedAt !== null) {
    return (
      <>
        {text.steps.expected} <Moment at={expectedAt} />
      </>
    );
  }
  if (state === 'skipped' || !isUnderWay) return null;
  return (
    <>
      {text.steps.planned} <Moment at={plannedAt} />
    </>
  );
}

function Track({ drawn }: { readonly drawn: DrawnStep | undefined }) {
  if (drawn === undefined) return null;
  return (
    <div className={classes['track']} aria-hidden>
      <span className={classes['planned']} style={placed(drawn.planned)} />
      {drawn.expected !== null && <span className={classes['expected']} style={placed(drawn.expected)} />}
      {drawn.actual !== null && <span className={classes['actual']} style={placed(drawn.actual)} />}
    </div>
  );
}

function placed({ from, to }: Stretch) {
  return { insetInlineStart: `${from * 100}%`, width: `${(to - from) * 100}%` };
}

function gateWord(isOpen: boolean | null): string {
  if (isOpen === null) return '';
  return `(${isOpen ? text.steps.gateOpen : text.steps.gateShut})`;
}

/** Now; told anew while something moves. */
function useNow(isMoving: boolean): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!isMoving) return undefined;
    const timer = setInterval(() => setNow(new Date()), TELLING_MS);
    return () => clearInterval(timer);
  }, [isMoving]);
  return now;
}
