/** What an image says of itself beside its config. Of the manifest, and of the descriptor by which an index names it. */
export interface ManifestAnnotations {
  readonly manifest: Readonly<Record<string, string>>;
  readonly descriptor: Readonly<Record<string, string>>;
}

/** By name, as Go writes maps: so that an image always gives the same bytes. */
export function sortedAnnotations(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1)));
}
