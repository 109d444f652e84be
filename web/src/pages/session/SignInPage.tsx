import { Banner } from '../../components/Banner.js';
import type { Place } from '../../components/screen.js';
import { SignedOutFrame } from '../../components/SignedOutFrame.js';
import { useGo } from '../../components/use-go.js';
import { SessionBegin } from '../../forms/session-begin.js';
import { SessionOidc } from '../../forms/session-oidc.js';
import { session as text } from '../../text/shell.js';
import { sessionTarget } from '../../util/session-target.js';

export const { title } = text;

export function Page({ search }: Place) {
  const go = useGo();
  const to = sessionTarget(search['to']);
  const { failure } = search;
  return (
    <SignedOutFrame title={text.title}>
      <Banner problems={failure === undefined ? [] : [{ code: failure, message: sentenceOf(failure) }]} />
      <SessionBegin onDone={() => go(to, 'replace')} />
      <SessionOidc to={to} />
    </SignedOutFrame>
  );
}

/** What went wrong at the provider. Nothing that the URL says is shown: anybody may have written it. */
function sentenceOf(code: string): string {
  const { failures, failed } = text.oidc;
  return Object.hasOwn(failures, code) ? (failures[code] ?? failed) : failed;
}
