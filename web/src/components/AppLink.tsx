import type { AnchorHTMLAttributes, MouseEvent, Ref } from 'react';
import { useGo } from './use-go.js';

interface Props extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  /** A path of the path builder. */
  readonly to: string;
  readonly ref?: Ref<HTMLAnchorElement>;
}

/** A link within the application. It is one for the browser too: it opens in another tab, and can be copied. */
export function AppLink({ to, onClick, target, ...rest }: Props) {
  const go = useGo();
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    const isForBrowser = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || isForBrowser || target === '_blank') return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={to} target={target} onClick={follow} />;
}
