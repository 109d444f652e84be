import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './ui/base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider as UrqlProvider } from 'urql';
import { client } from './api/client.js';
import { SessionAgain } from './forms/session-again.js';
import { router } from './routes.js';
import { pageNonce } from './ui/page-nonce.js';
import { readableColors, theme } from './ui/theme.js';

declare global {
  /** Where libraries that make styles look for the nonce. */
  var __webpack_nonce__: string | undefined;
}
globalThis.__webpack_nonce__ = pageNonce();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readableColors}
      defaultColorScheme="auto"
      getStyleNonce={pageNonce}
    >
      <UrqlProvider value={client}>
        <RouterProvider router={router} />
        <SessionAgain />
        <Notifications position="bottom-right" />
      </UrqlProvider>
    </MantineProvider>
  </StrictMode>,
);
