import { notifications } from '@mantine/notifications';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { flag as text } from '../text/flag.js';
import { Sentence } from '../ui/Sentence.js';
import { may } from '../util/may.js';
import type { InProject } from '../util/path-builder.js';
import { describeOff, describeState, type ServingState } from '../util/serve.js';

const switchFlag = graphql(
  `
    mutation SwitchFlag($input: SwitchFlagInput!) {
      switchFlag(input: $input) {
        node {
          on
          version
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly flag: string;
  readonly state: ServingState & { readonly hold?: { readonly sentence: string } | null };
  /** Its name must be typed before anything is switched off there. */
  readonly isProduction: boolean;
  readonly onClose: () => void;
}

/** Switches a flag the other way in an environment. Off is the kill switch: it waits for no version and ends a ramp. */
export function FlagSwitch({ at, flag, state, isProduction, onClose }: Props) {
  const { environment } = at;
  const words = text.switch;
  const isOff = state.on;
  const ramp = state.hold ? ` ${words.endsRamp(state.hold.sentence)}` : '';
  return (
    <ReasonDialog
      title={isOff ? words.offTitle(environment) : words.onTitle(environment)}
      verb={isOff ? words.offVerb(environment) : words.onVerb(environment)}
      isDangerous={isOff}
      {...(isOff && isProduction && { confirmName: environment })}
      // Switching on has a place for a reason only where a release is to give way.
      reason={isOff ? 'optional' : ramp === '' ? 'none' : 'required'}
      may={may('flag.write', useViewerAbilities(at))}
      document={switchFlag}
      toVariables={(reason) => ({
        input: { project: at.project, environment, flag, on: !isOff, takeOver: reason === '' ? null : reason },
      })}
      onDone={() => {
        notifications.show({ message: words.done(flag, environment, !isOff) });
        onClose();
      }}
      onClose={onClose}
    >
      <strong>{flag}</strong>
      {'. '}
      {isOff
        ? words.instead(describeState(state), describeOff(state))
        : words.from(describeState({ ...state, on: true }))}
      <Sentence>{ramp}</Sentence>
    </ReasonDialog>
  );
}
