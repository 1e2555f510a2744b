/** What an entry should have in the image and the disk could not hold. */
export interface OwnerOverride {
  readonly uid: number;
  readonly gid: number;
  /** Present when the mode or the file type could not be made either (a device node is kept as an empty file). */
  readonly mode?: number;
  readonly device?: { readonly type: 'char' | 'block'; readonly major: number; readonly minor: number };
}

/**
 * Owners by path, for a user who has only one id: files lie on disk as the user's own, and this table says whose they
 * are in the image. Only entries whose disk state differs from the wanted one are in it.
 */
export type OwnerTable = Map<string, OwnerOverride>;
