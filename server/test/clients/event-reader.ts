/** One event, as far as tests look at it. */
export interface ReadEvent {
  readonly event?: string;
  readonly id?: string;
  readonly data: string;
}

/** Reads an event stream over HTTP, one event at a time. */
export class EventReader {
  /** All that arrived, as it arrived. */
  text = '';
  /** The stream ended without saying so: by us, or because the connection broke. */
  wasCut = false;
  private readonly events: ReadEvent[] = [];
  private readonly pump: Promise<void>;
  private isOver = false;
  private wake: () => void = () => undefined;

  private constructor(
    readonly response: Response,
    private readonly abort: AbortController,
  ) {
    this.pump = this.read();
  }

  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    return new EventReader(response, abort);
  }

  /** The next event; fails when the stream ends before it, or after twenty seconds. */
  async next(): Promise<ReadEvent> {
    await this.until(() => this.events.length > 0, 'an event');
    const event = this.events.shift();
    if (event === undefined) throw new Error(`The stream ended: ${this.text}`);
    return event;
  }

  /** Resolves when at least so many characters have arrived. */
  arrived(length: number): Promise<void> {
    return this.until(() => this.text.length >= length, `${length} characters`);
  }

  /** Resolves when the server ends the stream. */
  ended(): Promise<void> {
    return this.until(() => this.isOver, 'the end');
  }

  get unread(): number {
    return this.events.length;
  }

  async close(): Promise<void> {
    this.abort.abort();
    await this.pump;
  }

  private async until(isDone: () => boolean, what: string): Promise<void> {
    const timeout = AbortSignal.timeout(20_000);
    while (!isDone() && !(this.isOver && what !== 'the end')) {
      await new Promise<void>((resolve, reject) => {
        this.wake = resolve;
        timeout.addEventListener('abort', () => reject(new Error(`Waited in vain for ${what}; got: ${this.text}`)));
      });
    }
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const chunk of this.response.body ?? []) {
        const text = decoder.decode(chunk as Uint8Array, { stream: true });
        this.text += text;
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop() ?? '';
        this.events.push(...blocks.flatMap(parseBlock));
        this.wake();
      }
    } catch {
      this.wasCut = true;
    }
    this.isOver = true;
    this.wake();
  }
}

/** Stricter than any parser in use: fields as "name: value", lines that end in LF, one line of data. */
function parseBlock(block: string): readonly ReadEvent[] {
  const lines = block.split('\n').filter((line) => !line.startsWith(':'));
  const fields = new Map(lines.map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]));
  const [event, id, data] = ['event', 'id', 'data'].map((name) => fields.get(name));
  return data === undefined ? [] : [{ ...(event && { event }), ...(id && { id }), data }];
}
