/** Where to go after signing in: what the URL says, if it is a path of this application. */
export function sessionTarget(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])/u.test(to) ? to : '/';
}
