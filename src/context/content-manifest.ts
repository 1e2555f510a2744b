/** What one entry was when a key was made: enough to tell whether and how it changed. */
export interface ManifestEntry {
  /** Type, mode, owners, and the digest of contents or of what stands in their place. */
  readonly digest: string;
  readonly sizeBytes: number;
}

/** The selected entries by their path in the tree: what a cache key was made of, kept for explanations. */
export type ContentManifest = ReadonlyMap<string, ManifestEntry>;

export interface ManifestChange {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** By how much the entry grew. */
  readonly sizeDeltaBytes: number;
}

/** What is different in `next`, in order of path. */
export function compareManifests(previous: ContentManifest, next: ContentManifest): readonly ManifestChange[] {
  const changes: ManifestChange[] = [];
  for (const [path, { digest, sizeBytes }] of next) {
    const before = previous.get(path);
    if (!before) changes.push({ path, kind: 'added', sizeDeltaBytes: sizeBytes });
    else if (before.digest !== digest || before.sizeBytes !== sizeBytes) {
      changes.push({ path, kind: 'changed', sizeDeltaBytes: sizeBytes - before.sizeBytes });
    }
  }
  for (const [path, { sizeBytes }] of previous) {
    if (!next.has(path)) changes.push({ path, kind: 'removed', sizeDeltaBytes: -sizeBytes });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const FIELDS = 3;

/** A manifest as text, about 50 bytes an entry plus its name. */
export function serializeManifest(manifest: ContentManifest): string {
  const fields: string[] = [];
  for (const [path, { digest, sizeBytes }] of manifest) fields.push(path, digest, String(sizeBytes));
  return fields.join('\0');
}

/** undefined when the text is no manifest. */
export function parseManifest(text: string): ContentManifest | undefined {
  const manifest = new Map<string, ManifestEntry>();
  if (text === '') return manifest;
  const fields = text.split('\0');
  if (fields.length % FIELDS !== 0) return undefined;
  for (let at = 0; at < fields.length; at += FIELDS) {
    const sizeBytes = Number(fields[at + 2]);
    if (!Number.isSafeInteger(sizeBytes)) return undefined;
    manifest.set(fields[at] as string, { digest: fields[at + 1] as string, sizeBytes });
  }
  return manifest;
}
