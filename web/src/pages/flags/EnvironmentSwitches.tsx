import { Menu } from '@mantine/core';
import { flag as text } from '../../text/flag.js';
import { Icon } from '../../ui/Icon.js';
import classes from './EnvironmentSwitches.module.css';

interface Props {
  readonly flag: string;
  readonly environments: readonly { readonly environment: string; readonly on: boolean }[];
  /** The environment that the page is about. */
  readonly here: string | undefined;
  readonly onSwitch: (environment: string) => void;
}

/** Whether a flag is on: here, and behind their number elsewhere. Each is a switch, which asks before it does anything. */
export function EnvironmentSwitches({ flag, environments, here, onSwitch }: Props) {
  const shown = environments.find(({ environment }) => environment === here) ?? environments[0];
  if (shown === undefined) return null;
  const { environment, on } = shown;
  const others = environments.filter((each) => each !== shown);
  const elsewhere = others.map((each) => text.switch.state(each.environment, each.on)).join(', ');
  const verbOf = (each: typeof shown): string =>
    each.on ? text.switch.offIn(flag, each.environment) : text.switch.onIn(flag, each.environment);
  const verb = verbOf(shown);
  return (
    <span className={classes['switches']}>
      <button
        type="button"
        className={classes['switch']}
        data-on={on}
        // Begins with what is seen, by which those who speak to their browser name it.
        aria-label={`${environment}: ${verb}`}
        title={verb}
        onClick={() => onSwitch(environment)}
      >
        <Icon name={on ? 'check' : 'ring'} size={11} />
        <span className={classes['environment']}>{environment}</span>
      </button>
      {others.length > 0 && (
        <Menu position="bottom-start" transitionProps={{ duration: 0 }}>
          <Menu.Target>
            <button
              type="button"
              className={classes['switch']}
              aria-label={`+${others.length}: ${elsewhere}`}
              title={elsewhere}
            >
              +{others.length}
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((each) => (
              <Menu.Item
                key={each.environment}
                leftSection={<Icon name={each.on ? 'check' : 'ring'} size={11} />}
                onClick={() => onSwitch(each.environment)}
              >
                {verbOf(each)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </span>
  );
}
