/** Where to go after signing in: what the URL says, if it is a path of this application. */
export function sessionTarget(to: string | undefined): string {
  // Browsers drop control characters, and would read /\t/ as //.
  return to !== undefined && /^\/(?![/\\])\P{Cc}*$/u.test(to) ? to : '/';
}
