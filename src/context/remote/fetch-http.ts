/**
 * Downloads one file over http(s), as ADD of a URL and a remote build context need it. It knows what a URL is and
 * nothing of what the file is for. What surprises: a connection that breaks is resumed where it broke, and a server
 * that has a newer file by then starts the download over.
 */
import { createHash, type Hash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, ftruncateSync, openSync, renameSync, rmSync, utimesSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ErrorCode } from '../../diagnostics/error-code.ts';
import { KnownError, systemErrorCode } from '../../diagnostics/known-error.ts';
import { redactUrls, stripControl } from '../../diagnostics/redact.ts';
import { fileNameOfDisposition, fileNameOfUrl } from './http-file-name.ts';
import { BadRedirectError, type HttpResponse, openHttp } from './http-request.ts';

export interface FetchHttpOptions {
  /** `sha256:…` that the contents must have. */
  readonly checksum?: string | undefined;
  /** What was got before: the answer may be that it is still the same. */
  readonly etag?: string | undefined;
  /** More than this is an error; nothing is refused unless given. */
  readonly maxBytes?: number | undefined;
  /** For proxies: HTTP_PROXY, HTTPS_PROXY and NO_PROXY in either case. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onProgress?: ((currentBytes: number, totalBytes: number | undefined) => void) | undefined;
  /** Of a failed download; CONTEXT_FETCH_FAILED unless told. */
  readonly code?: ErrorCode | undefined;
}

export type HttpDownload =
  | { readonly status: 'not-modified' }
  | {
      readonly status: 'fetched';
      readonly digest: `sha256:${string}`;
      readonly sizeBytes: number;
      /** By Content-Disposition, else by the URL; never a path. */
      readonly fileName: string;
      /** Last-Modified in whole milliseconds; 0 where the server does not say, as BuildKit has it. */
      readonly modifiedMs: number;
      readonly etag: string | undefined;
    };

const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 200;

/**
 * Downloads into the file `destination`, which appears whole or not at all, with mode 0600 and the time of
 * Last-Modified. Redirects are followed (ten of them), proxies used, broken transfers resumed.
 * @throws KnownError with `options.code`, ADD_CHECKSUM_MISMATCH; the signal's reason.
 */
export async function fetchHttp(url: string, destination: string, options: FetchHttpOptions): Promise<HttpDownload> {
  const part = join(dirname(destination), `.tmp-${randomBytes(6).toString('hex')}-${basename(destination)}`);
  const transfer = new Transfer(url, openSync(part, 'wx', 0o600), options);
  try {
    const outcome = await transfer.run();
    if (outcome.status === 'not-modified') return outcome;
    utimesSync(part, outcome.modifiedMs / 1000, outcome.modifiedMs / 1000);
    renameSync(part, destination);
    return outcome;
  } finally {
    transfer.close();
    rmSync(part, { force: true });
  }
}

class Transfer {
  readonly #url: string;
  readonly #fd: number;
  readonly #options: FetchHttpOptions;
  #hash: Hash = createHash('sha256');
  #received = 0;
  /** What a resumed request must still find. */
  #validator: string | undefined;
  #closed = false;

  constructor(url: string, fd: number, options: FetchHttpOptions) {
    this.#url = url;
    this.#fd = fd;
    this.#options = options;
  }

  close(): void {
    if (!this.#closed) closeSync(this.#fd);
    this.#closed = true;
  }

  async run(): Promise<HttpDownload> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt();
      } catch (error) {
        this.#options.signal.throwIfAborted();
        if (error instanceof KnownError) throw error;
        if (!isNetworkFailure(error)) throw error;
        if (attempt === MAX_ATTEMPTS || isHopeless(error)) throw this.#failed(reasonOf(error), error);
      }
      await setTimeout(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal: this.#options.signal });
    }
  }

  async #attempt(): Promise<HttpDownload> {
    const { env, signal, etag } = this.#options;
    const response = await openHttp(this.#url, { env, signal, headers: this.#headers(etag) });
    try {
      if (response.status === 304 && this.#received === 0) return { status: 'not-modified' };
      if (response.status >= 500 || response.status === 429) throw new RetryableStatus(response.status);
      if (response.status < 200 || response.status >= 400) throw this.#failed(`status ${response.status}`);
      await this.#receive(response);
    } finally {
      response.discard();
    }
    return this.#finish(response);
  }

  #headers(etag: string | undefined): Readonly<Record<string, string>> {
    const asIs = { 'accept-encoding': 'identity' };
    if (this.#received > 0 && this.#validator !== undefined) {
      return { ...asIs, range: `bytes=${this.#received}-`, 'if-range': this.#validator };
    }
    return etag === undefined ? asIs : { ...asIs, 'if-none-match': etag };
  }

  async #receive(response: HttpResponse): Promise<void> {
    const { onProgress, maxBytes } = this.#options;
    if (!this.#continues(response)) this.#restart(response);
    const total = totalBytes(response, this.#received);
    if (maxBytes !== undefined && (total ?? 0) > maxBytes) throw this.#failed(`${total} bytes, more than ${maxBytes}`);
    for await (const chunk of response.body) {
      writeAll(this.#fd, chunk, this.#received);
      this.#received += chunk.length;
      if (maxBytes !== undefined && this.#received > maxBytes) throw this.#failed(`more than ${maxBytes} bytes`);
      this.#hash.update(chunk);
      onProgress?.(this.#received, total);
    }
    if (total !== undefined && this.#received !== total) throw new CutTransfer();
  }

  /** A partial answer counts only when it goes on exactly where the last one broke. */
  #continues(response: HttpResponse): boolean {
    const start = /^bytes (\d+)-/.exec(response.headers['content-range'] ?? '')?.[1];
    return response.status === 206 && this.#received > 0 && Number(start) === this.#received;
  }

  #restart(response: HttpResponse): void {
    if (response.status === 206) throw this.#failed('a partial answer that nobody asked for');
    ftruncateSync(this.#fd, 0);
    this.#hash = createHash('sha256');
    this.#received = 0;
    const { etag, 'last-modified': modified } = response.headers;
    this.#validator = etag !== undefined && !etag.startsWith('W/') ? etag : modified;
  }

  #finish(response: HttpResponse): HttpDownload {
    const digest = `sha256:${this.#hash.digest('hex')}` as const;
    const { checksum } = this.#options;
    if (checksum !== undefined && checksum !== digest) {
      throw new KnownError('ADD_CHECKSUM_MISMATCH', `${shown(this.#url)} has the digest ${digest}, not ${checksum}.`, {
        hint: 'The file is not the one the checksum was made of: find out why before you change the checksum.',
      });
    }
    fsyncSync(this.#fd);
    const { 'content-disposition': disposition, 'last-modified': modified, etag } = response.headers;
    return {
      status: 'fetched',
      digest,
      sizeBytes: this.#received,
      fileName: fileNameOfDisposition(disposition) ?? fileNameOfUrl(this.#url),
      modifiedMs: Math.max(0, Date.parse(modified ?? '') || 0),
      etag,
    };
  }

  #failed(why: string, cause?: unknown): KnownError {
    const code = this.#options.code ?? 'CONTEXT_FETCH_FAILED';
    return new KnownError(code, `${shown(this.#url)} could not be downloaded: ${stripControl(why)}.`, {
      hint: 'Check the address, the network, and whether a proxy is needed (HTTPS_PROXY).',
      cause,
    });
  }
}

/** The connection ended before all announced bytes had come. */
class CutTransfer extends Error {}

class RetryableStatus extends Error {
  constructor(status: number) {
    super(`status ${status}`);
  }
}

function totalBytes(response: HttpResponse, received: number): number | undefined {
  const length = response.headers['content-length'];
  return length === undefined || !/^\d+$/.test(length) ? undefined : received + Number(length);
}

function writeAll(fd: number, chunk: Uint8Array, position: number): void {
  for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at, chunk.length - at, position + at);
}

/** A failure that says that it will be the same next time. */
const HOPELESS = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'];

function codesOf(error: unknown): readonly string[] {
  if (error instanceof AggregateError) return error.errors.flatMap(codesOf);
  if (!(error instanceof Error)) return [];
  return [systemErrorCode(error) ?? '', ...(error.cause === undefined ? [] : codesOf(error.cause))];
}

function isNetworkFailure(error: unknown): boolean {
  if (error instanceof CutTransfer || error instanceof RetryableStatus || isHopeless(error)) return true;
  return codesOf(error).some((code) => /^(UND_ERR|ECONN|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT|ENET|EHOST)/.test(code));
}

function isHopeless(error: unknown): boolean {
  if (error instanceof BadRedirectError) return true;
  return codesOf(error).some((code) => HOPELESS.includes(code) || /^(ERR_TLS|CERT_|DEPTH_|SELF_|UNABLE_)/.test(code));
}

function reasonOf(error: unknown): string {
  if (error instanceof CutTransfer) return 'the connection broke';
  const code = codesOf(error).find((candidate) => candidate !== '');
  return error instanceof Error && error.message !== '' ? error.message : (code ?? 'the connection failed');
}

function shown(url: string): string {
  return JSON.stringify(redactUrls(url));
}
