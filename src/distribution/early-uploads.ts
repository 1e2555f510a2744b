import type { Descriptor } from '../image/descriptor.ts';
import type { Digest } from '../image/digest.ts';
import type { RegistryClient } from '../image/registry/registry-client.ts';
import type { RepositoryName } from '../image/registry/registry-session.ts';
import { ONE_ATTEMPT } from '../image/registry/retry.ts';
import type { IncomingBlob } from '../image/store/incoming-blob.ts';
import type { OnTransfer } from './transfer.ts';

export interface EarlyUploadsOptions {
  readonly signal: AbortSignal;
  /** Told of an upload once it is known what is sent. */
  readonly onProgress?: OnTransfer | undefined;
}

/**
 * Sends layers to a registry while they are compressed, as far as the line goes meanwhile. Only then is it known what they are:
 * what the registry turns out to have is not sent any further. Failures are not told: who pushes afterwards what was not sent
 * is told why that fails.
 */
export class EarlyUploads {
  readonly #client: RegistryClient;
  readonly #repository: RepositoryName;
  readonly #options: EarlyUploadsOptions;
  readonly #stopped = new AbortController();
  readonly #running: Promise<Digest | undefined>[] = [];

  constructor(client: RegistryClient, repository: RepositoryName, options: EarlyUploadsOptions) {
    this.#client = client;
    this.#repository = repository;
    this.#options = options;
  }

  begin(blob: IncomingBlob): void {
    this.#running.push(this.#upload(blob).catch(() => undefined));
  }

  /** Cuts what is still sent. */
  stop(): void {
    this.#stopped.abort();
  }

  /** What was sent, once nothing is sent any more. */
  async settled(): Promise<ReadonlySet<Digest>> {
    const sent = await Promise.all(this.#running);
    return new Set(sent.filter((digest) => digest !== undefined));
  }

  async #upload(blob: IncomingBlob): Promise<Digest> {
    const { onProgress } = this.#options;
    const needless = new AbortController();
    const signal = AbortSignal.any([this.#options.signal, this.#stopped.signal, needless.signal]);
    let whole: { readonly digest: Digest; readonly size: number } | undefined;
    const look = async () => {
      whole = await blob.done;
      if (await this.#hasBlob(whole, signal)) needless.abort();
    };
    look().catch(() => undefined);
    const sent = this.#client.pushBlobStream(
      { repository: this.#repository, open: () => blob.open() },
      {
        id: '',
        signal,
        retry: ONE_ATTEMPT,
        onProgress: ({ current }) =>
          whole && onProgress?.({ id: whole.digest, current, total: whole.size, done: false }),
      },
    );
    try {
      return (await sent).digest;
    } finally {
      // Nobody waits for the answer any more.
      needless.abort();
    }
  }

  #hasBlob(
    { digest, size }: { readonly digest: Digest; readonly size: number },
    signal: AbortSignal,
  ): Promise<boolean> {
    const descriptor: Descriptor = { mediaType: 'application/octet-stream', digest, size };
    return this.#client.hasBlob(this.#repository, descriptor, { signal });
  }
}
