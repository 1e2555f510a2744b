import type { RegistryClient } from '../image/registry/registry-client.ts';

/**
 * One registry session a command, opened when something first asks for it: cached builds never load the network. Registries in
 * SLIPWAY_INSECURE_REGISTRIES (comma-separated) may speak plain HTTP, as loopback always may.
 */
export class RegistryAccess implements AsyncDisposable {
  readonly #env: NodeJS.ProcessEnv;
  #client: Promise<RegistryClient> | undefined;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  client(): Promise<RegistryClient> {
    this.#client ??= this.#open();
    return this.#client;
  }

  /** As the client's: for whoever needs blobs only if one is missing. */
  async *fetchBlob(...args: Parameters<RegistryClient['fetchBlob']>): ReturnType<RegistryClient['fetchBlob']> {
    const client = await this.client();
    yield* client.fetchBlob(...args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    await client?.close();
  }

  async #open(): Promise<RegistryClient> {
    const [{ RegistryClient: Client }, { storedCredentialSource }] = await Promise.all([
      import('../image/registry/registry-client.ts'),
      import('../image/credentials/find-credentials.ts'),
    ]);
    return new Client({
      env: this.#env,
      credentials: storedCredentialSource(this.#env),
      insecureRegistries: insecureRegistries(this.#env),
    });
  }
}

/** SLIPWAY_INSECURE_REGISTRIES: those that may speak plain HTTP. */
export function insecureRegistries(env: NodeJS.ProcessEnv): string[] {
  return (env.SLIPWAY_INSECURE_REGISTRIES ?? '').split(',').filter(Boolean);
}
