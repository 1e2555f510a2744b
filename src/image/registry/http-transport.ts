import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { Environment } from '../environment.ts';
import { proxyFor } from './proxy.ts';
import { type RegistryCertificates, readExtraAuthorities, readRegistryCertificates } from './registry-certificates.ts';
import type { TransportSecurity } from './registry-host.ts';
import { UploadSource } from './upload-source.ts';

export interface HttpRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  readonly security: TransportSecurity;
  readonly signal?: AbortSignal | undefined;
}

/** The body must be read to its end or discarded, else its connection stays taken. */
export interface HttpResponse {
  readonly status: number;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body, once. Leaving the iteration early cuts the connection. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Reads a short rest so that the connection can be used again; cuts a long one. */
  readonly discard: () => Promise<void>;
}

export interface HttpTransportOptions {
  readonly env: Environment;
  /** Folders with certificates by registry, as docker's /etc/docker/certs.d. */
  readonly certificateDirs: readonly string[];
  readonly userAgent: string;
}

type Undici = typeof import('undici')['default'];

const CONNECT_TIMEOUT_MS = 10_000;
const DISCARD_BYTES = 64 * 1024;
/** Until the headers come. A registry that moves a large upload to its place answers late. */
const ANSWER_TIMEOUT_MS = 60_000;
const UPLOAD_ANSWER_TIMEOUT_MS = 300_000;
/** Between two pieces of a body. */
const IDLE_TIMEOUT_MS = 60_000;

/**
 * Single HTTP exchanges over kept connections, through the proxy the environment names. Knows nothing of registries:
 * no redirect, no retry, no credentials. Loads undici at the first request. Failures are Node's
 * and undici's errors, or an `UploadSourceError`.
 */
export class HttpTransport {
  readonly #options: HttpTransportOptions;
  readonly #certificates = new Map<string, { readonly found: RegistryCertificates | undefined }>();
  readonly #dispatchers = new Map<string, Dispatcher>();
  #closed = false;
  #undici: Promise<Undici> | undefined;

  constructor(options: HttpTransportOptions) {
    this.#options = options;
  }

  async send({ method, url, headers, body, security, signal }: HttpRequest): Promise<HttpResponse> {
    // The default export: a bundle knows no names of a CommonJS module that is imported at run time.
    this.#undici ??= import('undici').then((module) => module.default);
    const undici = await this.#undici;
    signal?.throwIfAborted();
    if (this.#closed) throw new Error('the registry client was closed');
    const source = body === undefined || body instanceof Uint8Array ? undefined : new UploadSource(body);
    const response = undici.request(url, {
      method,
      headers: { 'user-agent': this.#options.userAgent, 'accept-encoding': 'identity', ...headers },
      body: source ? Readable.from(source, { objectMode: false }) : (body as Uint8Array | undefined),
      signal,
      dispatcher: this.#dispatcher(undici, url, security),
      headersTimeout: body === undefined ? ANSWER_TIMEOUT_MS : UPLOAD_ANSWER_TIMEOUT_MS,
      bodyTimeout: IDLE_TIMEOUT_MS,
    });
    const {
      statusCode: status,
      body: chunks,
      headers: answered,
    } = await response.catch((error: unknown) => {
      throw source?.failure ?? error;
    });
    return { status, url, headers: answered, chunks, discard: () => chunks.dump({ limit: DISCARD_BYTES }) };
  }

  /** Cuts what is still going on. */
  async close(): Promise<void> {
    this.#closed = true;
    const dispatchers = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()));
  }

  /** Connections are shared by all hosts that are trusted and reached in the same way. */
  #dispatcher(undici: Undici, url: URL, security: TransportSecurity): Dispatcher {
    const proxy = proxyFor(url, this.#options.env);
    const certificates = this.#certificatesFor(url.host);
    const verify = security === 'https';
    const key = JSON.stringify([proxy, verify, certificates && url.host]);
    const known = this.#dispatchers.get(key);
    if (known) return known;
    const connect = {
      timeout: CONNECT_TIMEOUT_MS,
      rejectUnauthorized: verify,
      ...(certificates?.ca && { ca: this.#authorities(certificates.ca) }),
      ...(certificates?.cert && { cert: certificates.cert, key: certificates.key }),
    };
    const dispatcher =
      proxy === undefined
        ? new undici.Agent({ connect })
        : new undici.ProxyAgent({ uri: proxy, proxyTunnel: false, requestTls: connect });
    this.#dispatchers.set(key, dispatcher);
    return dispatcher;
  }

  #certificatesFor(host: string): RegistryCertificates | undefined {
    const known = this.#certificates.get(host);
    if (known) return known.found;
    const found = readRegistryCertificates(this.#options.certificateDirs, host);
    this.#certificates.set(host, { found });
    return found;
  }

  /** To name authorities takes the place of Node's own list, so that it and its extra ones are named with them. */
  #authorities(ca: string): string[] {
    return [...rootCertificates, ...readExtraAuthorities(this.#options.env.NODE_EXTRA_CA_CERTS), ca];
  }
}

/** One header's value, the first when there are several. */
export function header(response: HttpResponse, name: string): string | undefined {
  return headerValues(response, name)[0];
}

export function headerValues({ headers }: HttpResponse, name: string): readonly string[] {
  const value = headers[name];
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
