import type { Annotation } from './annotation.ts';

export const EXPORT_TYPES = ['store', 'oci', 'docker', 'local', 'tar', 'registry', 'cacheonly'] as const;
export type ExportType = (typeof EXPORT_TYPES)[number];

/** -o: one place the result goes to. */
export interface ExportSpec {
  readonly type: ExportType;
  /** A path; `-` is standard output. A folder for `local`, a folder or archive for `oci`. */
  readonly dest?: string | undefined;
  /** Names besides the tags. */
  readonly names: readonly string[];
  /** Also push what was stored. */
  readonly push: boolean;
  readonly compression: 'gzip' | 'zstd' | 'uncompressed';
  /** 1 to 9 for gzip. */
  readonly compressionLevel?: number | undefined;
  /** Besides those of the build. */
  readonly annotations?: readonly Annotation[];
  /** Write an archive (true) or a folder (false), for `oci`. */
  readonly tar: boolean;
}
