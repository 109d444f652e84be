import { Icon, type IconName } from './Icon.js';
import classes from './StatusBadge.module.css';

/** What a state means to who looks: the sign tells it without the colour. */
export type Tone = 'good' | 'bad' | 'warning' | 'active' | 'waiting' | 'neutral';

const SIGNS: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  bad: 'cross',
  warning: 'warning',
  active: 'play',
  waiting: 'clock',
  neutral: 'ring',
};

/** A state in a word, with its sign and colour. `icon` where another sign says more. */
export function StatusBadge(props: { readonly tone: Tone; readonly children: string; readonly icon?: IconName }) {
  return (
    <span className={classes['badge']} data-tone={props.tone}>
      <Icon name={props.icon ?? SIGNS[props.tone]} size={12} />
      {props.children}
    </span>
  );
}
