import type { Terminal } from './terminal.js';

/** A part of a terminal that is drawn over in place. */
export class Screen {
  private drawn = 0;

  constructor(private readonly terminal: Terminal) {}

  /** Puts a picture where the last one was. Its lines must fit the terminal. */
  draw(lines: readonly string[]): void {
    // Up to the picture's first line, and from there everything away: nothing of an older picture is left.
    const over = this.drawn === 0 ? '' : `\u001b[${this.drawn}A\u001b[J`;
    this.terminal.out(`${over}${lines.join('\n')}\n`);
    this.drawn = lines.length;
  }
}
