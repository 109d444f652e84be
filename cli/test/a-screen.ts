import type { Terminal } from '../src/terminal.js';

/** A terminal that remembers what was drawn. */
export function aScreen(): { terminal: Terminal; text: () => string; shows: (words: RegExp) => Promise<void> } {
  let text = '';
  const drawing = new EventTarget();
  const out = (more: string): void => {
    text += more;
    drawing.dispatchEvent(new Event('drawn'));
  };
  return {
    terminal: {
      env: { NO_COLOR: '1' },
      out,
      err: out,
      isScreen: true,
      size: () => ({ columns: 100, rows: 40 }),
      interrupted: new AbortController().signal,
    },
    text: () => text,
    shows: async (words) => {
      while (!words.test(text))
        await new Promise((resolve) => drawing.addEventListener('drawn', resolve, { once: true }));
    },
  };
}
