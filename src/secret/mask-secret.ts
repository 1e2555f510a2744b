/** What may be shown of a secret: the prefix that every secret of its format has, and its length. `ghp_*** (40 characters)`. */
export function maskSecret(value: string, publicPrefix = ''): string {
  const prefix = value.startsWith(publicPrefix) ? publicPrefix : '';
  return `${prefix}*** (${value.length} characters)`;
}
