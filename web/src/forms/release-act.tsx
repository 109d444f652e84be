import { notifications } from '@mantine/notifications';
import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { releases as text } from '../text/releases.js';
import type { May } from '../util/may.js';
import type { ReleaseAct } from '../util/release-acts.js';
import {
  abortRelease,
  approveRelease,
  pauseRelease,
  promoteRelease,
  resumeRelease,
  rollBackRelease,
  startRelease,
} from './release-mutations.js';

interface Props {
  readonly act: ReleaseAct;
  readonly release: { readonly id: string; readonly name: string; readonly environment: string };
  /** Its name must be typed before everybody is sent what nobody has judged. */
  readonly isProduction: boolean;
  /** What the viewer may, and the release's state lets; told again at the button, as it may change meanwhile. */
  readonly may: May;
  readonly onClose: () => void;
}

/** Asks whether a release is to be moved, and why; names the environment. Draw it to open it. */
export function ReleaseActDialog(props: Props) {
  const { act, release } = props;
  const { id } = release;
  switch (act) {
    case 'approve':
      return (
        <Ask
          {...props}
          document={approveRelease}
          reason="optional"
          toVariables={(comment) => ({ input: { id, comment } })}
        />
      );
    case 'start':
      return (
        <Ask
          {...props}
          document={startRelease}
          reason="none"
          reasonAfter="DIGEST_REJECTED"
          toVariables={(reason) => ({ input: { id, overrideRejection: reason === '' ? null : reason } })}
        />
      );
    case 'pause':
      return <Ask {...props} document={pauseRelease} toVariables={(reason) => ({ input: { id, reason } })} />;
    case 'resume':
      return <Ask {...props} document={resumeRelease} reason="none" toVariables={() => ({ input: { id } })} />;
    case 'advance':
      return (
        <Ask
          {...props}
          document={promoteRelease}
          toVariables={(reason) => ({ input: { id, to: 'next' as const, reason } })}
        />
      );
    case 'promote':
      return (
        <Ask
          {...props}
          document={promoteRelease}
          toVariables={(reason) => ({ input: { id, to: 'last' as const, reason } })}
          {...(props.isProduction && { confirmName: release.environment })}
        />
      );
    case 'abort':
      return (
        <Ask {...props} isDangerous document={abortRelease} toVariables={(reason) => ({ input: { id, reason } })} />
      );
    case 'rollBack':
      return (
        <Ask {...props} isDangerous document={rollBackRelease} toVariables={(reason) => ({ input: { id, reason } })} />
      );
  }
}

interface AskProps<Data, Variables extends AnyVariables> extends Props {
  readonly document: TypedDocumentNode<Data, Variables>;
  readonly toVariables: (reason: string) => Variables;
  readonly reason?: 'required' | 'optional' | 'none';
  readonly confirmName?: string;
  readonly isDangerous?: boolean;
  readonly reasonAfter?: string;
}

function Ask<Data, Variables extends AnyVariables>(props: AskProps<Data, Variables>) {
  const { act, release, may, onClose, isProduction: _isProduction, ...rest } = props;
  const { title, verb, text: consequence } = text.asking[act];
  return (
    <ReasonDialog
      {...rest}
      title={title(release.name, release.environment)}
      verb={verb(release.environment)}
      may={may}
      onDone={() => {
        notifications.show({ message: text.done(text.verbs[act], release.name) });
        onClose();
      }}
      onClose={onClose}
    >
      {consequence}
    </ReasonDialog>
  );
}
