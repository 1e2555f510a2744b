/** Orders `1.9`, `1.22`, `1.22.3`, `go1.26rc1` as Go does; a release comes after its candidates. */
export function compareGoVersions(a: string, b: string): number {
  const parts = (version: string): readonly number[] => {
    const [, major = 0, minor = 0, kind, patch] = /^(?:go)?(\d+)(?:\.(\d+))?(?:(\.|rc|beta)(\d+))?/.exec(version) ?? [];
    const stage = kind === 'beta' ? -2 : kind === 'rc' ? -1 : 0;
    return [Number(major), Number(minor), stage, Number(patch ?? 0)];
  };
  const [left, right] = [parts(a), parts(b)];
  for (const [index, part] of left.entries()) if (part !== right[index]) return part - (right[index] ?? 0);
  return 0;
}
