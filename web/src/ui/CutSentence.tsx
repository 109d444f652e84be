import { useTold } from './use-told.js';

/** A sentence of the server where there may be no room for all of it: that is in the tooltip. */
export function CutSentence({ children, full = children }: { readonly children: string; readonly full?: string }) {
  const tell = useTold();
  return <span title={tell(full)}>{tell(children)}</span>;
}
