import type { Descriptor } from '../../image/descriptor.ts';
import type { DiffId, Digest } from '../../image/digest.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';
import type { Vertex } from '../graph/vertex.ts';
import type { TransferProgress } from '../progress/build-event.ts';

/** A layer of a step's result as its source has it. The diff id is a claim until the layer was unpacked here. */
export interface ImportedLayer {
  readonly diffId: DiffId;
  /** Bytes of the uncompressed tar, as the source says. */
  readonly sizeBytes: number;
  readonly blob: Descriptor;
  /** The blob's bytes, verified at their end. @throws BrokenImportError */
  open(signal: AbortSignal): AsyncIterable<Buffer>;
  /** The repository that has it, where it is in one. */
  readonly origin: { readonly registry: string; readonly repository: string } | undefined;
}

export interface BringOptions {
  readonly signal: AbortSignal;
  progress(transfer: TransferProgress): void;
}

/** A step that ran elsewhere, and how to get at what it made. */
export interface ImportedStep {
  /** Where it was read from, as the user wrote it. */
  readonly source: string;
  readonly createdMs: number;
  readonly durationMs: number;
  /** SOURCE_DATE_EPOCH that the layers' times are clamped to; undefined where they have the times of their making. */
  readonly epochSeconds: number | undefined;
  /** On top of the base image, lowest first. */
  readonly layers: readonly ImportedLayer[];
  /** Sees that the blobs of these layers can be had, for an export that needs no files. @throws BrokenImportError */
  prepare(options: BringOptions): Promise<void>;
  /** Fetches what is missing, verifies and unpacks it. @throws BrokenImportError */
  snapshot(options: BringOptions): Promise<Snapshot>;
}

/** What other stores found out, by key. Reads nothing but memory. */
export interface ImportedSteps {
  /** Nothing as well when a record cannot be the result of this vertex: it has another base, or too many layers. */
  find(vertex: Vertex, key: Digest): ImportedStep | undefined;
  /** Whether a record says what was selected from the result of a step. */
  hasSelections(key: Digest): boolean;
  /** Digest of what a request (see `selectionName`) selects from the result of a step, as its record says. */
  selection(key: Digest, request: string): Digest | undefined;
}

/** A source that cannot give what it promised. The build goes on without it. */
export class BrokenImportError extends Error {
  readonly source: string;

  constructor(source: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'BrokenImportError';
    this.source = source;
  }
}
