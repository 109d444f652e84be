import { List } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { environments as text } from '../text/environments.js';
import { Sentence } from '../ui/Sentence.js';
import type { Sides } from '../util/compare-sides.js';
import { both, may, type May } from '../util/may.js';

const promoteFlagSettings = graphql(
  `
    mutation PromoteFlagSettings($input: PromoteFlagSettingsInput!) {
      promoteFlagSettings(input: $input) {
        node {
          changed
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

/** A flag as it was compared: its versions are what was looked at. */
export interface Promoted {
  readonly flag: string;
  readonly fromVersion: number;
  readonly toVersion: number;
  /** What a release does with it in the target; null: nothing. */
  readonly hold: string | null;
}

interface Props {
  readonly project: string;
  readonly sides: Sides;
  /** Its name must be typed. */
  readonly isProduction: boolean;
  readonly flags: readonly Promoted[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Whether the viewer may promote from one environment to another: the server asks for the permission in both. */
export function useMayPromote(project: string, { from, to }: Sides): May {
  const mayTo = may('flag.write', useViewerAbilities({ project, environment: to }));
  const mayFrom = may('flag.write', useViewerAbilities({ project, environment: from }));
  return both(inPlace(to, mayTo), inPlace(from, mayFrom));
}

/** Says where it is that something may not be done. */
function inPlace(environment: string, may: May): May {
  return may.isAllowed ? may : { isAllowed: false, reason: text.promote.notIn(environment, may.reason) };
}

/** Carries what flags decide in one environment over to another. Whatever changed since it was compared refuses it. */
export function SettingsPromote({ project, sides: { from, to }, isProduction, onDone, onClose, ...asked }: Props) {
  const words = text.promote;
  // As they were when it opened: what the page hears of meanwhile nobody has compared.
  const [flags] = useState(asked.flags);
  const isHeld = flags.some(({ hold }) => hold !== null);
  const mayPromote = useMayPromote(project, { from, to });
  return (
    <ReasonDialog
      title={words.title(flags.length, from, to)}
      verb={words.verb(to)}
      isDangerous={isProduction}
      {...(isProduction && { confirmName: to })}
      may={mayPromote}
      document={promoteFlagSettings}
      toVariables={(reason) => ({
        input: {
          ...{ project, from, to, reason },
          flags: flags.map(({ flag, fromVersion, toVersion }) => ({ flag, fromVersion, toVersion })),
          ...(isHeld && { takeOver: reason }),
        },
      })}
      onDone={() => {
        notifications.show({ message: words.done(flags.length, to) });
        onDone();
      }}
      onClose={onClose}
    >
      {words.text(to)}
      <List component="span" size="sm" my={4}>
        {flags.map(({ flag, hold }) => (
          <List.Item component="span" key={flag}>
            <code>{flag}</code> {hold !== null && <Sentence>{hold}</Sentence>}
          </List.Item>
        ))}
      </List>
      {isHeld && <strong>{words.ends}</strong>}
    </ReasonDialog>
  );
}
