import type { Place } from '../../components/screen.js';
import { SignedOutFrame } from '../../components/SignedOutFrame.js';
import { useGo } from '../../components/use-go.js';
import { SessionBegin } from '../../forms/session-begin.js';
import { session as text } from '../../text/shell.js';
import { sessionTarget } from '../../util/session-target.js';

export const { title } = text;

export function Page({ search }: Place) {
  const go = useGo();
  return (
    <SignedOutFrame title={text.title}>
      <SessionBegin onDone={() => go(sessionTarget(search['to']), 'replace')} />
    </SignedOutFrame>
  );
}
