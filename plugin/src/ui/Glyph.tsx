/** Shapes that tell states apart without their colour. */
const paths = {
  check: 'M3 8.500 6.500 12 13 4.500',
  alert: 'M8 2 1.500 13.500h13L8 2ZM8 6.500v3M8 11.500v.1',
  raise: 'M3.500 8 8 3.500 12.500 8M3.500 13 8 8.500 12.500 13',
  cross: 'M4 4l8 8M12 4l-8 8',
  wrench: 'M13.500 4.500 11 7 9 5l2.500-2.500a4 4 0 0 0-5 5L2 12l2 2 4.500-4.500a4 4 0 0 0 5-5Z',
  question: 'M5.500 6a2.500 2.500 0 1 1 3.700 2.200C8.400 8.700 8 9 8 10M8 12.500v.1',
  bell: 'M8 2a4 4 0 0 0-4 4v3l-1.500 2.500h11L12 9V6a4 4 0 0 0-4-4ZM6.500 13.500h3',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM8 5v3.500l2 1.500',
  play: 'M5 3.500v9l7-4.500-7-4.500Z',
  undo: 'M3 6h6.500a3.500 3.500 0 0 1 0 7H6M3 6l3-3M3 6l3 3',
  dash: 'M3.500 8h9',
  fire: 'M8 2c.500 3 4 4.500 4 8a4 4 0 0 1-8 0c0-1.500.700-2.600 1.500-3.500C6 8 7 8 7.500 7 8 5.500 7.500 3.500 8 2Z',
  info: 'M8 7.500V12M8 4.500v.1M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800Z',
  skip: 'M4 4l4 4-4 4M9 4l4 4-4 4',
  person: 'M8 8a2.700 2.700 0 1 0 0-5.400A2.700 2.700 0 0 0 8 8ZM3 13.500a5 5 0 0 1 10 0',
  mute: 'M4.200 6.500A4 4 0 0 1 12 6v3l1.500 2.500H5M4 9 2.500 11.500M6.500 13.500h3M2 2l12 12',
  link: 'M6.500 9.500l3-3M7 4.500 8.500 3A3 3 0 0 1 13 7.500L11.500 9M9 11.500 7.500 13A3 3 0 0 1 3 8.500L4.500 7',
} as const

export type GlyphName = keyof typeof paths

/**
 * A small line drawing, decorative: the word beside it is what screen readers get.
 *
 * Grafana's own icons are fetched one by one; a matrix has thousands of cells.
 */
export function Glyph({ name, size = 14 }: { name: GlyphName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false" style={{ flex: 'none' }}>
      <path d={paths[name]} fill="none" stroke="currentColor" strokeWidth={1.8} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
