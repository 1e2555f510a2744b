/** As people say it, in units of 1000: `12 kB`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  for (const [size, unit] of [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const) {
    if (bytes < size) continue;
    const value = bytes / size;
    return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
  }
  return `${bytes} bytes`;
}

export function totalBytes(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
