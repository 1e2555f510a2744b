import type { Writable } from 'node:stream';
import type { Store } from '../../distribution/store.ts';
import type { Descriptor } from '../../image/descriptor.ts';
import type { Digest } from '../../image/digest.ts';
import type { RegistryClient } from '../../image/registry/registry-client.ts';
import type { TransferProgress } from '../progress/build-event.ts';
import type { BuiltImage } from './built-image.ts';
import type { ExportSpec } from './export-spec.ts';

/** What exporters need from outside. */
export interface ExportEnvironment {
  readonly store: Store;
  client(): Promise<RegistryClient>;
  /** Destinations are relative to it. */
  readonly cwd: string;
  /** Where `dest=-` goes. */
  readonly stdout: Writable;
  /** --allow-secret-leak: push images that are known to hold a secret of the build. */
  readonly allowSecretLeak: boolean;
  readonly signal: AbortSignal;
  progress(transfer: TransferProgress): void;
}

export interface ExportRequest {
  readonly image: BuiltImage;
  readonly spec: ExportSpec;
  /** Normalised references, from -t and from the spec; may be empty. */
  readonly names: readonly string[];
}

export interface ExportOutcome {
  readonly imageId?: Digest;
  readonly manifestDigest?: Digest;
  /** As an index would name it. */
  readonly manifest?: Descriptor;
}

/**
 * Brings a built image to one kind of place. Readers of a destination see the old content or the new one, whole.
 * One implementation a type, in a file of its name, and one line in `exporters.ts`.
 */
export interface Exporter {
  export(request: ExportRequest, environment: ExportEnvironment): Promise<ExportOutcome>;
}
