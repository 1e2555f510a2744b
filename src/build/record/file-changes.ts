import { type ContentManifest, compareManifests, type ManifestEntry } from '../../context/content-manifest.ts';
import { differentEntries, parseManifestText } from '../cache/manifest-text.ts';
import type { FileChange } from './cause.ts';

/** A manifest's entry, taken apart: `type mode uid:gid size rest`. */
interface EntryFacts {
  readonly type: string;
  readonly mode: string;
  readonly owner: string;
  readonly content: string;
}

/**
 * What happened to the files between two manifests, in order of path: removed and added files of one content are
 * renamed, and a directory is told of only where no file in it tells of it.
 */
export function fileChanges(previous: ContentManifest, next: ContentManifest): readonly FileChange[] {
  const raw = compareManifests(previous, next);
  const renamed = findRenames(raw, previous, next);
  const gone = new Set(renamed.values());
  const changes = raw.flatMap(({ path, kind, sizeDeltaBytes }): FileChange[] => {
    if (gone.has(path)) return [];
    const before = renamed.get(path);
    if (before !== undefined) return [{ path, kind: 'renamed', before, sizeDeltaBytes: 0 }];
    if (kind !== 'changed') return [{ path, kind, sizeDeltaBytes }];
    return [{ path, sizeDeltaBytes, ...entryChange(previous.get(path), next.get(path)) }];
  });
  return withoutImplied(changes, previous, next);
}

/** The same of manifests as text: only what differs between them is read. */
export function textChanges(previous: string, next: string): readonly FileChange[] {
  const [before, after] = differentEntries(previous, next);
  return fileChanges(parseManifestText(before), parseManifestText(after));
}

/** New path → the one it had. Empty files are alike without being the same. */
function findRenames(
  raw: ReturnType<typeof compareManifests>,
  previous: ContentManifest,
  next: ContentManifest,
): ReadonlyMap<string, string> {
  const removed = new Map<string, string[]>();
  for (const { path, kind } of raw) {
    const entry = kind === 'removed' ? previous.get(path) : undefined;
    if (!entry || !isFileWithContent(entry)) continue;
    removed.set(entry.digest, [...(removed.get(entry.digest) ?? []), path]);
  }
  const renamed = new Map<string, string>();
  for (const { path, kind } of raw) {
    const candidates = kind === 'added' ? (removed.get(next.get(path)?.digest ?? '') ?? []) : [];
    const before = candidates.find((candidate) => baseName(candidate) === baseName(path)) ?? candidates[0];
    if (before === undefined) continue;
    candidates.splice(candidates.indexOf(before), 1);
    renamed.set(path, before);
  }
  return renamed;
}

function isFileWithContent({ digest, sizeBytes }: ManifestEntry): boolean {
  return digest.startsWith('file ') && sizeBytes > 0;
}

function entryChange(
  before: ManifestEntry | undefined,
  after: ManifestEntry | undefined,
): Pick<FileChange, 'kind' | 'before' | 'after'> {
  const a = entryFacts(before);
  const b = entryFacts(after);
  if (a.type !== b.type) return { kind: 'type', before: a.type, after: b.type };
  if (a.content !== b.content || before?.sizeBytes !== after?.sizeBytes)
    return { kind: a.type === 'symlink' ? 'target' : 'changed' };
  if (a.mode !== b.mode) return { kind: 'mode', before: a.mode, after: b.mode };
  return a.owner === b.owner ? { kind: 'changed' } : { kind: 'owner', before: a.owner, after: b.owner };
}

function entryFacts(entry: ManifestEntry | undefined): EntryFacts {
  const [type = '', mode = '', owner = '', , ...content] = (entry?.digest ?? '').split(' ');
  return { type, mode, owner, content: content.join(' ') };
}

/** A directory whose files changed their place says nothing that they do not. */
function withoutImplied(
  changes: readonly FileChange[],
  previous: ContentManifest,
  next: ContentManifest,
): readonly FileChange[] {
  const told = new Set<string>();
  for (const { path, before } of changes.filter(({ path }) => !isDirectory(path, previous, next)))
    for (const named of [path, before ?? '']) for (const parent of parents(named)) told.add(parent);
  return changes.filter(
    ({ path, kind }) =>
      (kind !== 'added' && kind !== 'removed') || !isDirectory(path, previous, next) || !told.has(path),
  );
}

function isDirectory(path: string, previous: ContentManifest, next: ContentManifest): boolean {
  return (next.get(path) ?? previous.get(path))?.digest.startsWith('directory ') ?? false;
}

function* parents(path: string): Generator<string> {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1))
    yield path.slice(0, slash);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
