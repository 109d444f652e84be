import { json } from '@codemirror/lang-json';
import { defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { pageNonce } from '../page-nonce.js';

/** What every code view of ours has; its styles carry the nonce of the page. */
export function codeSetup(label: string, isDark: boolean): Extension {
  return [
    EditorView.cspNonce.of(pageNonce()),
    EditorView.contentAttributes.of({ 'aria-label': label }),
    EditorView.lineWrapping,
    EditorView.theme({ '.cm-content': { fontSize: '12px' }, '.cm-gutters': { fontSize: '11px' } }, { dark: isDark }),
    lineNumbers(),
    json(),
    // Its colours are meant for white.
    isDark ? [] : syntaxHighlighting(defaultHighlightStyle),
  ];
}
