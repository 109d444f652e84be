import { Fragment } from 'react';
import { sentenceParts } from '../util/instants.js';
import { Moment } from './Moment.js';

/** A sentence of the server, the moments that it names told in the zone of this browser. */
export function Sentence({ children }: { readonly children: string }) {
  return sentenceParts(children).map((part, index) => (
    // Parts have no name but their place, and keep nothing.
    <Fragment key={index}>{part.kind === 'words' ? part.text : <Moment at={part.at} isExact />}</Fragment>
  ));
}
