import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImages } from '../distribution/load-images.ts';
import type { RegistryAccess } from '../distribution/registry-access.ts';
import { saveLayout } from '../distribution/save-images.ts';
import type { Store } from '../distribution/store.ts';
import { formatReference, parseReference } from '../image/reference.ts';
import { resolveReference } from '../image/store/resolve-image.ts';
import type { BuildOptions } from './build-options.ts';
import { basesOf } from './call-build.ts';

export interface CopyBases {
  readonly options: BuildOptions;
  readonly registry: RegistryAccess;
}

/**
 * Puts the bases of a build that one store has into another, under their names, so that a build there begins from the
 * same images; a base that neither has is left to the build. @throws KnownError as `build`
 */
export async function copyBases(from: Store, to: Store, { options, registry }: CopyBases): Promise<void> {
  const references = (await basesOf(options)).filter((reference) => !reference.includes('://')).map(parseReference);
  const images = references.flatMap((reference) => {
    const { digest: _, ...tagged } = reference;
    const named = reference.tag === undefined ? reference : tagged;
    const found = resolveReference(from.images, named);
    return found ? [{ image: found.image, names: [formatReference(named)] }] : [];
  });
  if (images.length === 0) return;
  const layout = mkdtempSync(join(tmpdir(), 'slipway-bases-'));
  const { signal } = options;
  try {
    await saveLayout(from, layout, { images, client: () => registry.client(), signal });
    await loadImages(to, layout, { name: layout, signal });
  } finally {
    rmSync(layout, { recursive: true, force: true });
  }
}
