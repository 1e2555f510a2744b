import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Descriptor, ImageIndex } from '../descriptor.ts';
import { MEDIA_TYPE } from '../media-type.ts';
import { ANNOTATION } from './image-layout.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/**
 * The layout's `index.json`, for other tools: `skopeo inspect oci:<store>:<name>`. Slipway itself never reads
 * images from it. Callers hold the store's lock.
 */
export class LayoutIndex {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes a name stand for a manifest, whose blobs are all in the store, or for nothing. */
  set(name: string, manifest: Descriptor | undefined): void {
    const before = readJsonFile<ImageIndex>(this.#path())?.manifests ?? [];
    const after = before.filter(({ annotations }) => annotations?.[ANNOTATION.refName] !== name);
    if (manifest) {
      const annotations = { [ANNOTATION.containerdName]: name, [ANNOTATION.refName]: name };
      after.push({ ...manifest, annotations });
    }
    if (!isDeepStrictEqual(after, before)) this.#write(after);
  }

  #write(manifests: readonly Descriptor[]): void {
    mkdirSync(this.#root, { recursive: true });
    writeJsonFile(this.#path(), { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests });
  }

  #path(): string {
    return join(this.#root, 'index.json');
  }
}
