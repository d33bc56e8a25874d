declare module 'snappyjs' {
  /** A plain Uint8Array gives one back. */
  export function uncompress(compressed: Uint8Array): Uint8Array
}
