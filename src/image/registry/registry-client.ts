/**
 * Speaks the OCI distribution protocol: manifests, blobs, tags, both ways. Everything streams: no blob is ever held in
 * memory. It must not know a store: what comes is handed out, what goes is asked for. What surprises: a blob's bytes are
 * handed out before its digest is known to be right (see `fetchBlob`).
 */
import type { CredentialSource } from '../credentials/credentials.ts';
import type { Descriptor } from '../descriptor.ts';
import type { Digest } from '../digest.ts';
import type { Environment } from '../environment.ts';
import type { Reference } from '../reference.ts';
import { checkLogin } from './check-login.ts';
import { type FetchBlobOptions, fetchBlob } from './fetch-blob.ts';
import { fetchManifest, type RequestOptions, resolveManifest, type StoredManifest } from './fetch-manifest.ts';
import { type ListTagsOptions, listTags } from './list-tags.ts';
import { type BlobUpload, hasBlob, type PushBlobOptions, pushBlob } from './push-blob.ts';
import { type PushBlobStreamOptions, pushBlobStream, type StreamUpload } from './push-blob-stream.ts';
import { type ManifestToPush, pushManifest } from './push-manifest.ts';
import { RegistrySession, type RepositoryName } from './registry-session.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from './retry.ts';
import { Slots } from './slots.ts';

export interface RegistryClientOptions {
  /** For HTTPS_PROXY, HTTP_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS. */
  readonly env: Environment;
  /** Anonymous without. */
  readonly credentials?: CredentialSource | undefined;
  /** Registries, as they stand in references, and networks (10.0.0.0/8) that may speak plain HTTP. Loopback always may. */
  readonly insecureRegistries?: readonly string[] | undefined;
  /** Folders with certificates by registry; docker's and podman's own unless told. */
  readonly certificateDirs?: readonly string[] | undefined;
  /** Blobs on their way at once, in each direction; 4 unless told. */
  readonly maxTransfers?: number | undefined;
  readonly retry?: RetryPolicy | undefined;
  readonly userAgent?: string | undefined;
}

const CERTIFICATE_DIRS = ['/etc/docker/certs.d', '/etc/containers/certs.d'];

/**
 * A session with registries over the OCI distribution protocol: connections, logins and tokens live until `close`.
 * One object serves all registries of a build, and any number of calls at once. Costs nothing before the first call.
 */
export class RegistryClient implements AsyncDisposable {
  readonly #session: RegistrySession;
  // Apart, since an upload may wait for the download that it passes on.
  readonly #downloads: Slots;
  readonly #uploads: Slots;

  constructor(options: RegistryClientOptions) {
    this.#downloads = new Slots(options.maxTransfers ?? 4);
    this.#uploads = new Slots(options.maxTransfers ?? 4);
    this.#session = new RegistrySession({
      env: options.env,
      credentials: options.credentials,
      insecureRegistries: options.insecureRegistries ?? [],
      certificateDirs: options.certificateDirs ?? CERTIFICATE_DIRS,
      userAgent: options.userAgent ?? 'slipway',
      retry: options.retry ?? DEFAULT_RETRY_POLICY,
    });
  }

  /** See `fetchManifest`. */
  fetchManifest(reference: Reference, options?: RequestOptions): Promise<StoredManifest> {
    return fetchManifest(this.#session, reference, options);
  }

  /** See `resolveManifest`. */
  resolveManifest(reference: Reference, options?: RequestOptions): Promise<Descriptor> {
    return resolveManifest(this.#session, reference, options);
  }

  /** See `listTags`. */
  listTags(repository: RepositoryName, options?: ListTagsOptions): Promise<string[]> {
    return listTags(this.#session, repository, options);
  }

  /** See `fetchBlob`. It waits for its turn at the first byte, and holds its place until the iteration ends. */
  async *fetchBlob(
    repository: RepositoryName,
    descriptor: Descriptor,
    options?: FetchBlobOptions,
  ): AsyncGenerator<Buffer, void, void> {
    using _place = await this.#downloads.take(options?.signal);
    yield* fetchBlob(this.#session, repository, descriptor, options);
  }

  hasBlob(repository: RepositoryName, descriptor: Descriptor, { signal }: RequestOptions = {}): Promise<boolean> {
    return hasBlob(this.#session, repository, { descriptor, signal });
  }

  /** See `pushBlob`. */
  async pushBlob(blob: BlobUpload, options?: PushBlobOptions): Promise<void> {
    using _place = await this.#uploads.take(options?.signal);
    await pushBlob(this.#session, blob, options);
  }

  /** See `pushBlobStream`. */
  async pushBlobStream(
    stream: StreamUpload,
    options: PushBlobStreamOptions,
  ): Promise<{ digest: Digest; size: number }> {
    using _place = await this.#uploads.take(options.signal);
    return await pushBlobStream(this.#session, stream, options);
  }

  /** See `pushManifest`. */
  pushManifest(reference: Reference, manifest: ManifestToPush, { signal }: RequestOptions = {}): Promise<Descriptor> {
    return pushManifest(this.#session, reference, { ...manifest, signal });
  }

  /** See `checkLogin`. */
  checkLogin(registry: string, options?: RequestOptions): Promise<void> {
    return checkLogin(this.#session, registry, options);
  }

  /** Cuts what is still going on. Safe to call twice. */
  close(): Promise<void> {
    return this.#session.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
