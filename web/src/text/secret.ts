export const secret = {
  once: 'It is shown this once, and nobody can look it up again. Copy it now.',
  copy: 'Copy',
  copied: 'Copied',
  kept: 'I have kept it',
};
