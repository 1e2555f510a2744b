/** How far one blob is on its way to or from a registry. */
export interface TransferProgress {
  /** The blob's digest, or the name of a stream whose digest is not known yet. */
  readonly id: string;
  /** Bytes. An upload that starts again goes back to 0. */
  readonly current: number;
  readonly total: number | undefined;
  readonly done: boolean;
  /** Why nothing had to be sent: the registry had the blob, or took it from another repository. */
  readonly skipped?: 'present' | 'mounted';
}

export type OnTransfer = (progress: TransferProgress) => void;
