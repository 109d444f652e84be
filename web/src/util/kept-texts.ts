/** What of a browser's Storage is needed. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'clear'>;

/** Texts by name, in a storage of the browser. */
export interface KeptTexts {
  readonly read: (name: string) => string | undefined;
  /** What the browser has no room for is kept as long as the page is. */
  readonly write: (name: string, text: string) => void;
  readonly remove: (name: string) => void;
  readonly clear: () => void;
  /** Whether some text is gone when the page is. */
  readonly isShort: () => boolean;
}

/**
 * Texts that no failure of the browser's storage loses, and that fail nobody: it may be full (QuotaExceededError), or
 * refuse to be read at all (SecurityError, upon looking at `sessionStorage` itself).
 */
export function keepTexts(storageOf: () => TextStorage): KeptTexts {
  const short = new Map<string, string>();
  const attempt = <T>(act: (storage: TextStorage) => T): { readonly answer: T } | undefined => {
    try {
      return { answer: act(storageOf()) };
    } catch {
      return undefined;
    }
  };
  return {
    read: (name) => short.get(name) ?? attempt((storage) => storage.getItem(name))?.answer ?? undefined,
    write: (name, text) => {
      // Where it does not fit, an older text of that name stays stored: better than none after the page.
      if (attempt((storage) => storage.setItem(name, text)) === undefined) short.set(name, text);
      else short.delete(name);
    },
    remove: (name) => {
      short.delete(name);
      attempt((storage) => storage.removeItem(name));
    },
    clear: () => {
      short.clear();
      attempt((storage) => storage.clear());
    },
    isShort: () => short.size > 0,
  };
}
