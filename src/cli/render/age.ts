const STEPS: readonly (readonly [limitSeconds: number, unitSeconds: number, unit: string])[] = [
  [60, 1, 'second'],
  [3600, 60, 'minute'],
  [48 * 3600, 3600, 'hour'],
  [14 * 86_400, 86_400, 'day'],
  [60 * 86_400, 7 * 86_400, 'week'],
  [2 * 365 * 86_400, 30 * 86_400, 'month'],
];

/** How long ago, in docker's words: `Less than a second`, `About a minute`, `3 hours`, `2 weeks`; without `ago`. */
export function formatAge(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return 'Less than a second';
  if (seconds >= 60 && seconds < 120) return 'About a minute';
  if (seconds >= 3600 && seconds < 7200) return 'About an hour';
  const [, unitSeconds, unit] = STEPS.find(([limit]) => seconds < limit) ?? [0, 365 * 86_400, 'year'];
  const count = Math.floor(seconds / unitSeconds);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
