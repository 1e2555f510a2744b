import type { ImageSizes } from './image-sizes.ts';

/** How much one thing grew from one image to the other; absent in one of them it has 0 bytes there. */
export interface SizeChange {
  readonly name: string;
  readonly beforeBytes: number;
  readonly afterBytes: number;
}

export interface SizeDifference {
  readonly before: Pick<ImageSizes, 'image' | 'id' | 'sizeBytes' | 'visibleBytes' | 'wastedBytes'>;
  readonly after: Pick<ImageSizes, 'image' | 'id' | 'sizeBytes' | 'visibleBytes' | 'wastedBytes'>;
  /** Those whose size changed, by how much it did. */
  readonly files: readonly SizeChange[];
  /** Code of packages in Go programs that both have under one path, and of those that only one has. */
  readonly packages: readonly SizeChange[];
}

export function compareSizes(before: ImageSizes, after: ImageSizes): SizeDifference {
  return {
    before: totals(before),
    after: totals(after),
    files: changes(filesOf(before), filesOf(after)),
    packages: changes(packagesOf(before), packagesOf(after)),
  };
}

function totals({ image, id, sizeBytes, visibleBytes, wastedBytes }: ImageSizes): SizeDifference['before'] {
  return { image, id, sizeBytes, visibleBytes, wastedBytes };
}

function filesOf({ files }: ImageSizes): ReadonlyMap<string, number> {
  return new Map(files.map(({ path, sizeBytes }) => [path, sizeBytes]));
}

function packagesOf({ programs }: ImageSizes): ReadonlyMap<string, number> {
  return new Map(
    programs.flatMap(({ path, packages }) =>
      packages.map(({ name, sizeBytes }): [string, number] => [`${path} ${name}`, sizeBytes]),
    ),
  );
}

function changes(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): SizeChange[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  const grown = ({ beforeBytes, afterBytes }: SizeChange) => Math.abs(afterBytes - beforeBytes);
  return [...names]
    .map((name) => ({ name, beforeBytes: before.get(name) ?? 0, afterBytes: after.get(name) ?? 0 }))
    .filter((change) => change.beforeBytes !== change.afterBytes)
    .sort((a, b) => grown(b) - grown(a) || (a.name < b.name ? -1 : 1));
}
