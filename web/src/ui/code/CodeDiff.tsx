import { useComputedColorScheme } from '@mantine/core';
import { json } from '@codemirror/lang-json';
import { MergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { codeSetup } from './code-setup.js';

interface Props {
  readonly before: string;
  readonly after: string;
  readonly labels: readonly [string, string];
}

/** Use DiffView, which loads this when it is needed. */
export function CodeDiff({ before, after, labels }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const isDark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  const [beforeLabel, afterLabel] = labels;
  useEffect(() => {
    if (box.current === null) return undefined;
    const readOnly = [EditorState.readOnly.of(true), EditorView.editable.of(false)];
    const view = new MergeView({
      parent: box.current,
      a: { doc: before, extensions: [codeSetup(beforeLabel, isDark, json()), readOnly] },
      b: { doc: after, extensions: [codeSetup(afterLabel, isDark, json()), readOnly] },
      collapseUnchanged: { margin: 3, minSize: 6 },
    });
    return () => view.destroy();
  }, [before, after, beforeLabel, afterLabel, isDark]);
  return <div ref={box} />;
}
