/**
 * The one attribute that BuildKit's layers carry: file capabilities. Everything else belongs to the machine (labels,
 * ACLs, overlayfs' own) or is dropped by the reference on export.
 */
export function isLayerXattr(name: string): boolean {
  return name === 'security.capability';
}

/** What a copy within a build keeps: everything but the marks of overlayfs and what the machine's policy sets. */
export function isCopiedXattr(name: string): boolean {
  if (name.startsWith('user.')) return !name.startsWith('user.overlay.');
  return name === 'security.capability';
}
