import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { linter } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import classes from './CodeEditor.module.css';
import { codeSetup } from './code-setup.js';

/** How a text is coloured, and what is marked in it. The same object each time. */
export type Language = Extension;

const JSON_LANGUAGE: Language = [json(), linter(jsonParseLinter())];

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isWrong: boolean;
  readonly language?: Language;
}

/** Use JsonEditor, which loads this when it is needed. Tab leaves it, as it leaves any field. */
export function CodeEditor({ label, value, onChange, isWrong, language = JSON_LANGUAGE }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const change = useRef(onChange);
  const initial = useRef(value);
  const isDark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  useEffect(() => void (change.current = onChange), [onChange]);

  useEffect(() => {
    if (box.current === null) return undefined;
    const made = new EditorView({
      parent: box.current,
      doc: initial.current,
      extensions: [
        codeSetup(label, isDark, language),
        history(),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          initial.current = update.state.doc.toString();
          change.current(initial.current);
        }),
      ],
    });
    view.current = made;
    return () => made.destroy();
  }, [label, isDark, language]);

  // Another value than the one that was typed: somebody else's, or the form's after a reset.
  useEffect(() => {
    const { current } = view;
    if (current === null || current.state.doc.toString() === value) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: value } });
  }, [value]);
  return <div ref={box} className={classes['editor']} data-wrong={isWrong} />;
}
