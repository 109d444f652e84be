import { defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { pageNonce } from '../page-nonce.js';

/** What every code view of ours has; its styles carry the nonce of the page. */
export function codeSetup(label: string, isDark: boolean, language: Extension): Extension {
  return [
    EditorView.cspNonce.of(pageNonce()),
    EditorView.contentAttributes.of({ 'aria-label': label }),
    EditorView.lineWrapping,
    EditorView.theme({ '.cm-content': { fontSize: '12px' }, '.cm-gutters': { fontSize: '11px' } }, { dark: isDark }),
    lineNumbers(),
    language,
    // Its colours are meant for white.
    isDark ? [] : syntaxHighlighting(defaultHighlightStyle),
  ];
}
