import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';

/** Goes to a path of the path builder; `replace` leaves the one before out of the history. */
export function useGo(): (to: string, how?: 'push' | 'replace') => void {
  const { history } = useRouter();
  return useMemo(
    () =>
      (to, how = 'push') =>
        history[how](to),
    [history],
  );
}
