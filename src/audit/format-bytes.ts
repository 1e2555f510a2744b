const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** As sizes are shown everywhere: powers of 1000, three digits. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))}${UNITS[power]}`;
}
