import { Outlet, useParams } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';
import { followChanges } from '../api/live-changes.js';
import { sessionState } from '../api/session-state.js';

/** Follows what changes in the project while any of its pages is shown; anew after signing in again. */
export function ProjectFrame() {
  // It is drawn only under a path that names one.
  const { project = '' }: { readonly project?: string } = useParams({ strict: false });
  const session = useSyncExternalStore(sessionState.subscribe, sessionState.get);
  useEffect(() => (session === 'known' ? followChanges(project) : undefined), [project, session]);
  return <Outlet />;
}
