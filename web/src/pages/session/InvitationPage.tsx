import { useState } from 'react';
import { Banner } from '../../components/Banner.js';
import { SignedOutFrame } from '../../components/SignedOutFrame.js';
import { useGo } from '../../components/use-go.js';
import { SessionInvited } from '../../forms/session-invited.js';
import { session as text } from '../../text/shell.js';
import { pb } from '../../util/path-builder.js';

export const { title } = text.invited;

/** The secret stands behind the #: so it reaches no server and no log by the link alone. */
export function Page() {
  const go = useGo();
  const [secret] = useState(() => location.hash.slice(1));
  return (
    <SignedOutFrame title={text.invited.title} text={text.invited.text}>
      {secret === '' ? (
        <Banner problems={[{ code: 'NO_SECRET', message: text.invited.noSecret }]} />
      ) : (
        <SessionInvited secret={secret} onDone={() => go(pb.home(), 'replace')} />
      )}
    </SignedOutFrame>
  );
}
