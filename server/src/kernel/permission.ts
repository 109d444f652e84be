/** What a caller may be allowed to do: subject, then verb. Every route names the one it needs. */
export const PERMISSIONS = [
  'project.read',
  'project.write',
  'environment.write',
  'token.read',
  'token.write',
  'flag.read',
  'flag.write',
  'segment.read',
  'segment.write',
  'telemetry.read',
  'audit.read',
  'snapshot.read',
  'evaluation.read',
  'telemetry.write',
] as const;

export type Permission = (typeof PERMISSIONS)[number];
