import { flag as text } from '../../text/flag.js';
import { Icon } from '../../ui/Icon.js';
import classes from './EnvironmentSwitches.module.css';

/** More would not stand in a row of the list. */
const MOST = 3;
/** Letters of an environment's key; the whole of it is told on hover, and to who does not see it. */
const SHORT = 4;

interface Props {
  readonly flag: string;
  readonly environments: readonly { readonly environment: string; readonly on: boolean }[];
  /** The environment that the page is about: it stands first. */
  readonly here: string | undefined;
  readonly onSwitch: (environment: string) => void;
}

/** Whether a flag is on in each environment; each is a switch, which asks before it does anything. */
export function EnvironmentSwitches({ flag, environments, here, onSwitch }: Props) {
  const inOrder = [
    ...environments.filter(({ environment }) => environment === here),
    ...environments.filter(({ environment }) => environment !== here),
  ];
  const rest = inOrder.slice(MOST);
  return (
    <span className={classes['switches']}>
      {inOrder.slice(0, MOST).map(({ environment, on }) => {
        const short = environment.slice(0, SHORT);
        const verb = on ? text.switch.offIn(flag, environment) : text.switch.onIn(flag, environment);
        return (
          <button
            key={environment}
            type="button"
            className={classes['switch']}
            data-on={on}
            data-here={environment === here}
            // Begins with what is seen, by which those who speak to their browser name it.
            aria-label={`${short}: ${verb}`}
            title={verb}
            onClick={() => onSwitch(environment)}
          >
            <Icon name={on ? 'check' : 'ring'} size={11} />
            {short}
          </button>
        );
      })}
      {rest.length > 0 && (
        <span title={rest.map(({ environment, on }) => `${environment}: ${on ? 'on' : 'off'}`).join(', ')}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
