import { CopyButton, Button } from '@mantine/core';
import type { Json } from '../../api/graphql.js';
import { policy as text } from '../../text/policies.js';
import { Icon } from '../../ui/Icon.js';
import classes from './DocumentText.module.css';

/** A document as JSON, to be read and copied. */
export function DocumentText({ document }: { readonly document: Json }) {
  const json = JSON.stringify(document, null, 2);
  return (
    <div className={classes['box']}>
      <CopyButton value={json}>
        {({ copied, copy }) => (
          <Button
            className={classes['copy'] ?? ''}
            variant="default"
            leftSection={<Icon name={copied ? 'check' : 'copy'} />}
            onClick={copy}
          >
            {copied ? text.copied : text.copy}
          </Button>
        )}
      </CopyButton>
      {/* It may scroll, so it can be reached by keyboard. */}
      <pre className={classes['text']} tabIndex={0} aria-label={text.document} role="region">
        {json}
      </pre>
    </div>
  );
}
