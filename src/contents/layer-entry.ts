import type { TarEntryType } from '../image/tar/tar-header.ts';

/** What one member of a layer is: a file as written, or that something of the layers below is hidden (image-spec layer.md, "Whiteouts"). */
export type LayerEntryKind = TarEntryType | 'whiteout' | 'opaque';

/** One member of a layer, without its content. */
export interface LayerEntry {
  /** Normalised, below the root, without a leading slash. Of a whiteout what it hides, of an opaque one its directory; '' is the root. */
  readonly path: string;
  readonly kind: LayerEntryKind;
  /** Permission bits with setuid, setgid and sticky: 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of a regular file; 0 for anything else. */
  readonly sizeBytes: number;
  readonly mtimeSeconds: number;
  /** Of a symlink as written; of a hard link the normalised path of the file it is another name of. */
  readonly linkTarget?: string | undefined;
  /** The file has capabilities of its own (`security.capability`). */
  readonly hasCapabilities?: boolean | undefined;
  /** SHA-256 of a regular file's content in hexadecimal. */
  readonly contentHash?: string | undefined;
}
