/** Strokes on a field of 16 by 16. */
const PATHS = {
  check: 'M3 8.500l3.200 3.200L13 4.800',
  cross: 'M4 4l8 8M12 4l-8 8',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  play: 'M5 3.500l7 4.500-7 4.500z',
  clock: 'M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5v3.200l2 1.300',
  warning: 'M8 2.500l6 10.500H2zM8 6.500v3M8 11.200v.1',
  question:
    'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM6.300 6.300c.2-1 .9-1.400 1.700-1.400 1 0 1.800.6 1.800 1.600 0 1.300-1.800 1.300-1.800 2.500M8 11.200v.1',
  back: 'M6.500 3.500L2.500 7l4 3.500M3 7h6.500a3.500 3.500 0 0 1 0 7H7',
  dot: 'M8 6.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3z',
  ring: 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z',
  up: 'M4 10l4-4 4 4',
  down: 'M4 6l4 4 4-4',
  grip: 'M6 3.500v.1M10 3.500v.1M6 8v.1M10 8v.1M6 12.500v.1M10 12.500v.1',
  search: 'M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM10.300 10.300l3.200 3.200',
  menu: 'M2.500 4.500h11M2.500 8h11M2.500 11.500h11',
  sun: 'M8 5.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5zM8 1.500v1.500M8 13v1.500M1.500 8H3M13 8h1.500M3.400 3.400l1 1M11.600 11.600l1 1M12.600 3.400l-1 1M4.400 11.600l-1 1',
  moon: 'M13 9.500A5.500 5.500 0 1 1 6.500 3a4.500 4.500 0 0 0 6.500 6.500z',
  copy: 'M5.500 5.500h7v7h-7zM10 5.500v-2H3.500V10h2',
  plus: 'M8 3v10M3 8h10',
  person: 'M8 3a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5zM3 13.500c.5-2.500 2.500-3.500 5-3.500s4.500 1 5 3.500',
  link: 'M6.500 9.500l3-3M7 5l1.500-1.500a2.500 2.500 0 0 1 4 4L11 9M9 11l-1.500 1.500a2.500 2.500 0 0 1-4-4L5 7',
} as const;

export type IconName = keyof typeof PATHS;

/** A sign beside a word, never instead of it: it says nothing to those who cannot see it. */
export function Icon({ name, size = 14 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="none" aria-hidden focusable="false">
      <path d={PATHS[name]} stroke="currentColor" strokeWidth="1.600" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
