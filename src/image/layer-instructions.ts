import type { ImageConfig } from './image-config.ts';

/** What made each layer, lowest first, in a Dockerfile's words; `layer` where the history does not say. */
export function layerInstructions({ history = [], rootfs }: ImageConfig): readonly string[] {
  const entries = history.filter((entry) => !entry.empty_layer);
  return rootfs.diff_ids.map((_, index) => instructionOf(entries[index]?.created_by ?? ''));
}

/** As it was written, without what builders add: shells, build arguments, their own mark. */
function instructionOf(createdBy: string): string {
  return (
    createdBy
      .replace(/^RUN (?:\|\d+ .*?)?\/bin\/sh -c /, 'RUN ')
      .replace(/^(?:\|\d+ .*?)?\/bin\/sh -c #\(nop\) +/, '')
      .replace(/^(?:\|\d+ .*?)?\/bin\/sh -c /, 'RUN ')
      .replace(/ # buildkit$/, '') || 'layer'
  );
}
