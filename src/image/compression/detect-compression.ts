export type Compression = 'none' | 'gzip' | 'zstd' | 'bzip2' | 'xz';

/** As many bytes as `detectCompression` looks at. */
export const MAGIC_BYTES = 6;

/** By the first bytes, whatever the name or the media type says; `none` for anything unknown, also for nothing. */
export function detectCompression(head: Buffer): Compression {
  const text = head.toString('latin1', 0, MAGIC_BYTES);
  if (text.startsWith('\x1f\x8b\x08')) return 'gzip';
  if (text.startsWith('BZh')) return 'bzip2';
  if (text === '\xfd7zXZ\0') return 'xz';
  // RFC 8878, 3.1.1 and 3.1.2: a frame, or one to be skipped before it.
  return /^(?:\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18)/.test(text) ? 'zstd' : 'none';
}
