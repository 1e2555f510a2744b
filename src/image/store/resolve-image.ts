import { KnownError } from '../../diagnostics/known-error.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import { nearest } from '../../diagnostics/suggest.ts';
import type { Descriptor } from '../descriptor.ts';
import { type Digest, isDigest } from '../digest.ts';
import { matchPlatform } from '../match-platform.ts';
import { MEDIA_TYPE } from '../media-type.ts';
import { hostPlatform } from '../parse-platform.ts';
import type { Platform } from '../platform.ts';
import { familiarReference, formatReference, parseReference, type Reference, withDefaultTag } from '../reference.ts';
import type { ImageStore } from './image-store.ts';
import type { StoredImage, StoredReference } from './stored-image.ts';

export interface ResolvedImage {
  readonly image: StoredImage;
  /** The name it was found by; undefined when it was found by its id. */
  readonly reference?: StoredReference;
}

/** Shorter prefixes are more likely a typing mistake than an id. */
const MIN_ID_PREFIX = 4;
const ID = /^(?:sha256:)?([0-9a-f]{4,64})$/;

/**
 * The image a user means, as docker looks for it: a name (with `latest` when it has no tag), else an id or an
 * unambiguous prefix of one. Of a name that stands for several platforms, the one that suits `platform` (the host's
 * by default).
 *
 * @returns undefined when the store has none.
 * @throws KnownError IMAGE_NOT_FOUND when a prefix fits several images
 */
export function resolveImage(store: ImageStore, text: string, platform?: Platform): ResolvedImage | undefined {
  const reference = readName(text);
  const found = reference && resolveReference(store, reference, platform);
  if (found) return found;
  const id = ID.exec(text)?.[1] && resolveId(store, text);
  const image = id ? store.get(id) : undefined;
  return image && { image };
}

/** As `resolveImage`, or a sentence that says what is near. @throws KnownError IMAGE_NOT_FOUND */
export function requireImage(store: ImageStore, text: string, platform?: Platform): ResolvedImage {
  const found = resolveImage(store, text, platform);
  if (found) return found;
  const names = store.references().map(({ name }) => familiarReference(parseReference(name)));
  const near = nearest(text, names);
  throw new KnownError('IMAGE_NOT_FOUND', `There is no image "${stripControl(text)}" in the store.`, {
    hint: near ? `Did you mean "${near}"?` : 'Pull, load or build it first; "slipway images" lists what there is.',
  });
}

/**
 * The image a name stands for on this platform; without one the host's, else whatever there is. A name with a tag and a
 * digest is looked up by its digest.
 */
export function resolveReference(
  store: ImageStore,
  reference: Reference,
  platform?: Platform,
): ResolvedImage | undefined {
  const stored = store.getReference(referenceKey(reference));
  if (!stored) return undefined;
  const candidates = stored.images.map((image): Descriptor => {
    return { mediaType: MEDIA_TYPE.ociManifest, digest: image.id, size: 0, platform: image.platform };
  });
  const match = matchPlatform(candidates, platform ?? hostPlatform()) ?? (platform ? undefined : candidates[0]);
  const image = match && store.get(match.digest);
  return image && { image, reference: stored };
}

/** Under which name a reference is stored: by digest when it has one, else by tag. */
export function referenceKey(reference: Reference): string {
  const { tag: _, ...rest } = withDefaultTag(reference);
  return formatReference(reference.digest ? rest : withDefaultTag(reference));
}

/** 64 hexadecimal digits are an id and not a name. */
function readName(text: string): Reference | undefined {
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof KnownError && error.code === 'REFERENCE_INVALID') return undefined;
    throw error;
  }
}

function resolveId(store: ImageStore, text: string): Digest | undefined {
  const full = text.startsWith('sha256:') ? text : `sha256:${text}`;
  if (isDigest(full)) return full;
  if (full.length < 'sha256:'.length + MIN_ID_PREFIX) return undefined;
  const matches = store.ids().filter((id) => id.startsWith(full));
  if (matches.length < 2) return matches[0];
  throw new KnownError('IMAGE_NOT_FOUND', `"${text}" is the start of ${matches.length} image ids.`, {
    hint: 'Give more digits of the id.',
  });
}
