/** Bytes on their way into or out of the store. */
export interface Transfer {
  /** Unique in a command: a blob's digest, or words for what is done. */
  readonly id: string;
  readonly current: number;
  /** undefined while it is not known. */
  readonly total: number | undefined;
  readonly done: boolean;
  /** Why nothing had to be sent: the registry had the blob, or took it from another repository. */
  readonly skipped?: 'present' | 'mounted';
}

export type OnTransfer = (transfer: Transfer) => void;
