import { useEffect, useState } from 'react';
import { type ReadDocument, readJsonDocument } from '../util/read-document.js';

type Read = (text: string) => ReadDocument;

const UNREAD: ReadDocument = { kind: 'wrong', message: 'What reads YAML is on its way.', place: undefined };
const readJsonAlone: Read = (text) => readJsonDocument(text) ?? UNREAD;

/** Reads documents of JSON, and of YAML as soon as what reads that is loaded. */
export function useReadDocument(): Read {
  const [read, setRead] = useState<Read>(() => readJsonAlone);
  useEffect(() => {
    let isShown = true;
    void import('./code/read-yaml.js').then(({ readDocument }) => isShown && setRead(() => readDocument));
    return () => void (isShown = false);
  }, []);
  return read;
}
