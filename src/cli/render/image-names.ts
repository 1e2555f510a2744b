import type { Digest } from '../../image/digest.ts';
import { familiarName, familiarReference, parseReference } from '../../image/reference.ts';
import type { StoredReference } from '../../image/store/stored-image.ts';

/** What docker shows where there is nothing. */
export const NONE = '<none>';

/** The 12 digits by which people know an image. */
export function shortId(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}

/** A stored reference as people write it: `busybox:1.36`. */
export function familiar(name: string): string {
  return familiarReference(parseReference(name));
}

export interface NameParts {
  /** `busybox`, `ghcr.io/user/app`. */
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** A reference in the columns of a list. */
export function nameParts({ name, digest }: Pick<StoredReference, 'name' | 'digest'>): NameParts {
  const reference = parseReference(name);
  return {
    repository: familiarName(reference),
    tag: reference.tag ?? NONE,
    digest: digest ?? reference.digest ?? NONE,
  };
}

/** docker's RepoTags: the names with a tag. */
export function repoTags(references: readonly StoredReference[]): string[] {
  return references.filter(({ name }) => parseReference(name).tag !== undefined).map(({ name }) => familiar(name));
}

/** docker's RepoDigests: where the image is known to be, by content. */
export function repoDigests(references: readonly StoredReference[]): string[] {
  const found = references.flatMap(({ name, digest }) => {
    const reference = parseReference(name);
    const known: Digest | undefined = digest ?? reference.digest;
    return known === undefined ? [] : [`${familiarName(reference)}@${known}`];
  });
  return [...new Set(found)];
}
