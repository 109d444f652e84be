import { SignedOutFrame } from '../../components/SignedOutFrame.js';
import { useGo } from '../../components/use-go.js';
import { SessionFirst } from '../../forms/session-first.js';
import { SessionOidc } from '../../forms/session-oidc.js';
import { session as text } from '../../text/shell.js';
import { pb } from '../../util/path-builder.js';

export const { title } = text.first;

export function Page() {
  const go = useGo();
  return (
    <SignedOutFrame title={text.first.title} text={text.first.text}>
      <SessionFirst onDone={() => go(pb.home(), 'replace')} />
      <SessionOidc to={pb.home()} />
    </SignedOutFrame>
  );
}
