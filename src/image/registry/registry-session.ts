import type { CredentialSource } from '../credentials/credentials.ts';
import type { Environment } from '../environment.ts';
import type { Reference } from '../reference.ts';
import { abortable } from './abortable.ts';
import { type AccessScope, Authenticator } from './authenticator.ts';
import { mayHoldTokens, type RegistryToken, readToken, type TokenRequest, tokenExchange } from './fetch-token.ts';
import { findScheme } from './find-scheme.ts';
import { followRedirects } from './follow-redirects.ts';
import { type HttpRequest, type HttpResponse, HttpTransport, headerValues } from './http-transport.ts';
import { proxyFor } from './proxy.ts';
import { readBody } from './read-body.ts';
import { RegistryError } from './registry-error.ts';
import { type TransportSecurity, transportSecurity } from './registry-host.ts';
import { errorFromResponse, type FailedRequest } from './response-error.ts';
import { type RetryPolicy, withRetries } from './retry.ts';
import { unreachableError } from './unreachable.ts';

export type RepositoryName = Pick<Reference, 'registry' | 'repository'>;

export interface RegistryRequest {
  readonly repository: RepositoryName;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  /** Below `/v2/<repository>/`, or an address that the registry gave. */
  readonly path: string | URL;
  /** Statuses that come back; every other one is thrown. */
  readonly expect: readonly number[];
  /** What is asked for, as it stands in a sentence, for messages. */
  readonly subject: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes are sent again when an attempt fails; a stream is sent once, and its failure comes out at once. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  readonly push?: boolean;
  /** Another repository of the same registry that must be readable. */
  readonly alsoPull?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** In place of the session's own policy. */
  readonly retry?: RetryPolicy;
}

export interface RegistrySessionOptions {
  readonly env: Environment;
  readonly credentials: CredentialSource | undefined;
  readonly insecureRegistries: readonly string[];
  readonly certificateDirs: readonly string[];
  readonly userAgent: string;
  readonly retry: RetryPolicy;
}

interface Address {
  readonly registry: string;
  readonly url: URL;
  readonly security: TransportSecurity;
}

interface Endpoint extends Address {
  readonly authenticator: Authenticator;
}

/**
 * Requests to any number of registries: finds out how each is spoken to, logs in, follows redirects, tries again, and
 * turns whatever goes wrong into a `RegistryError`. Knows nothing of manifests and blobs.
 */
export class RegistrySession {
  readonly #options: RegistrySessionOptions;
  readonly #transport: HttpTransport;
  readonly #endpoints = new Map<string, Promise<Endpoint>>();

  constructor(options: RegistrySessionOptions) {
    this.#options = options;
    this.#transport = new HttpTransport(options);
  }

  get retry(): RetryPolicy {
    return this.#options.retry;
  }

  /** @throws RegistryError when no attempt gave an expected status; the signal's reason when it is aborted. */
  request(request: RegistryRequest): Promise<HttpResponse> {
    if (isStream(request)) return this.#attempt(request);
    return withRetries(request.retry ?? this.retry, () => this.#attempt(request), request.signal);
  }

  /**
   * As `request`, with the whole body, read within the same attempts. `bytes` is undefined when there are more of them
   * than the limit.
   */
  requestBytes(
    request: RegistryRequest,
    limitBytes: number,
  ): Promise<{ readonly response: HttpResponse; readonly bytes: Buffer | undefined }> {
    const attempt = async () => {
      const response = await this.#attempt(request);
      return { response, bytes: await readBody(response, limitBytes) };
    };
    return withRetries(request.retry ?? this.retry, attempt, request.signal);
  }

  /** The address a relative `Location` of this registry is relative to, with the scheme the registry answers to. */
  async baseUrl(registry: string): Promise<URL> {
    return (await this.#endpoint(registry)).url;
  }

  /** Cuts what is still going on. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  async #attempt(request: RegistryRequest): Promise<HttpResponse> {
    request.signal?.throwIfAborted();
    const endpoint = await abortable(this.#endpoint(request.repository.registry), request.signal);
    const response = await this.#sendAuthorized(endpoint, request);
    if (request.expect.includes(response.status)) return response;
    throw await errorFromResponse(response, await failedRequest(endpoint, request));
  }

  /** Answers one challenge: most registries refuse the first request of a session, and tokens run out. */
  async #sendAuthorized(endpoint: Endpoint, request: RegistryRequest): Promise<HttpResponse> {
    const { authenticator, url: base } = endpoint;
    const access = accessScope(request);
    const url = requestUrl(endpoint, request);
    // An upload may be continued at another host, whose address holds all that it wants to know.
    const authorize = async () =>
      url.origin === base.origin ? abortable(authenticator.authorization(access), request.signal) : undefined;
    const used = await authorize();
    const response = await this.#send(endpoint, request, url, used);
    if (response.status !== 401 || response.url.origin !== base.origin) return response;
    const learned = await authenticator.learn(headerValues(response, 'www-authenticate'), used);
    if (!learned || isStream(request)) return response;
    await response.discard();
    return this.#send(endpoint, request, url, await authorize());
  }

  #send(endpoint: Endpoint, request: RegistryRequest, url: URL, authorization: string | undefined) {
    const { registry } = endpoint;
    const { method, body, signal } = request;
    const security = securityOf(endpoint, url);
    const headers = { ...request.headers, ...(authorization !== undefined && { authorization }) };
    return followRedirects(registry, { method, url, headers, body, security, signal }, (hop) =>
      this.#exchange(registry, hop),
    );
  }

  async #exchange(registry: string, request: HttpRequest): Promise<HttpResponse> {
    const { url, signal } = request;
    const failure = (error: unknown): unknown => {
      signal?.throwIfAborted();
      return unreachableError(error, { registry, url, proxy: proxyFor(url, this.#options.env) });
    };
    try {
      const response = await this.#transport.send(request);
      return { ...response, chunks: withErrors(response.chunks, failure) };
    } catch (error) {
      throw failure(error);
    }
  }

  #endpoint(registry: string): Promise<Endpoint> {
    const known = this.#endpoints.get(registry);
    if (known) return known;
    const found = this.#findEndpoint(registry);
    this.#endpoints.set(registry, found);
    found.catch(() => this.#endpoints.delete(registry));
    return found;
  }

  async #findEndpoint(registry: string): Promise<Endpoint> {
    const { insecureRegistries, credentials } = this.#options;
    const security = transportSecurity(registry, insecureRegistries);
    const url = await findScheme(registry, security, (request) => this.#exchange(registry, request));
    const fetchToken = (request: TokenRequest) => this.#fetchToken({ registry, url, security }, request);
    return { registry, url, security, authenticator: new Authenticator({ registry, credentials, fetchToken }) };
  }

  #fetchToken(endpoint: Address, request: TokenRequest): Promise<RegistryToken> {
    const { registry } = endpoint;
    if (!mayHoldTokens(request.realm, endpoint.url)) {
      throw new RegistryError('REGISTRY_FAILED', `${registry} names a token server that is not reached by HTTPS.`);
    }
    const exchange = tokenExchange(request);
    const security = securityOf(endpoint, exchange.url);
    const attempt = async () => {
      const response = await followRedirects(registry, { ...exchange, security }, (hop) =>
        this.#exchange(registry, hop),
      );
      if (response.status === 200) return readToken(response, registry);
      const login = request.credentials && `the login from ${request.credentials.source}`;
      throw await errorFromResponse(response, { registry, subject: 'its token server', login });
    };
    return withRetries(this.retry, attempt, undefined);
  }
}

/** The same bytes; what cuts them off is told in other words. */
async function* withErrors(
  chunks: AsyncIterable<Buffer>,
  failure: (error: unknown) => unknown,
): AsyncGenerator<Buffer, void, void> {
  try {
    yield* chunks;
  } catch (error) {
    throw failure(error);
  }
}

function isStream({ body }: RegistryRequest): boolean {
  return body !== undefined && !(body instanceof Uint8Array);
}

function requestUrl({ url }: Endpoint, { repository, path }: RegistryRequest): URL {
  return typeof path === 'string' ? new URL(`/v2/${repository.repository}/${path}`, url) : path;
}

/** What a registry is allowed by being on loopback or listed goes for its own host only. */
function securityOf({ url, security }: Address, target: URL): TransportSecurity {
  return target.hostname === url.hostname ? security : 'https';
}

function accessScope({ repository: { repository }, push, alsoPull }: RegistryRequest): AccessScope {
  if (repository === '') return { repository, scopes: [] };
  const own = `repository:${repository}:${push ? 'pull,push' : 'pull'}`;
  return { repository, scopes: alsoPull === undefined ? [own] : [own, `repository:${alsoPull}:pull`] };
}

async function failedRequest({ registry, authenticator }: Endpoint, request: RegistryRequest): Promise<FailedRequest> {
  const { problem } = authenticator;
  return {
    registry,
    subject: request.subject,
    login: await authenticator.login(accessScope(request)),
    ...(problem && { hint: `The credentials could not be read: ${problem.message}`, cause: problem }),
  };
}
