import type { ErrorCode } from '../../diagnostics/error-code.ts';
import { redactUrls, stripControl } from '../../diagnostics/redact.ts';
import { type HttpResponse, header } from './http-transport.ts';
import { readBodyStart } from './read-body.ts';
import { RegistryError } from './registry-error.ts';
import { retryAfterMs } from './retry.ts';

const MAX_ERROR_BODY_BYTES = 16 * 1024;
const MAX_MESSAGE_LENGTH = 300;
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

export interface FailedRequest {
  readonly registry: string;
  /** What was asked for, as it stands in a sentence: `the manifest of library/busybox:latest`. */
  readonly subject: string;
  /** Who was refused, for 401 and 403: `the login from ~/.docker/config.json`; undefined for nobody. */
  readonly login?: string | undefined;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** Reads (a bounded part of) an answer that was not the expected one and says what it means. */
export async function errorFromResponse(response: HttpResponse, request: FailedRequest): Promise<RegistryError> {
  const { status } = response;
  const said = registryMessage(await readBodyStart(response, MAX_ERROR_BODY_BYTES));
  const waitMs = retryAfterMs(header(response, 'retry-after'), Date.now());
  return new RegistryError(codeFor(status), `${sentence(status, request)}${said && ` (${said})`}.`, {
    status,
    retryable: PASSING.has(status),
    retryAfterMs: waitMs,
    hint: request.hint ?? hintFor(status, request, waitMs),
    cause: request.cause,
  });
}

function codeFor(status: number): Extract<ErrorCode, `REGISTRY_${string}`> {
  switch (status) {
    case 401:
      return 'REGISTRY_UNAUTHORIZED';
    case 403:
      return 'REGISTRY_DENIED';
    case 404:
      return 'REGISTRY_NOT_FOUND';
    case 429:
      return 'REGISTRY_RATE_LIMITED';
    default:
      return 'REGISTRY_FAILED';
  }
}

function sentence(status: number, { registry, subject, login }: FailedRequest): string {
  switch (status) {
    case 401:
      return login === undefined
        ? `${registry} gives no access to ${subject}: it does not exist, or needs a login`
        : `${registry} gives no access to ${subject} with ${login}`;
    case 403:
      return `${registry} denies access to ${subject}`;
    case 404:
      return `${registry} does not have ${subject}`;
    case 429:
      return `${registry} limits how often it may be asked, and did not give ${subject}`;
    default:
      return `${registry} answered ${status} when asked for ${subject}`;
  }
}

function hintFor(status: number, { registry, login }: FailedRequest, waitMs: number | undefined): string | undefined {
  switch (status) {
    case 401:
    case 403:
      return login === undefined
        ? `Log in with \`slipway login ${registry}\`; logins of docker and podman are used as well.`
        : 'Check that this account may do it, or log in again.';
    case 429: {
      const wait = waitMs === undefined ? 'later' : `in ${Math.ceil(waitMs / 1000)} seconds`;
      return login === undefined ? `Try again ${wait}; a login usually raises the limit.` : `Try again ${wait}.`;
    }
    default:
      return undefined;
  }
}

/** The sentences of distribution-spec's error format, "Error Codes", or nothing where a page of another kind came. */
function registryMessage(body: string): string {
  const { errors, details } = Object(parseJson(body));
  const list: unknown[] = Array.isArray(errors) ? errors.slice(0, 3) : [];
  const said = list.map((error) => Object(error).message || Object(error).code);
  return foreignText([...said, details].filter((text) => typeof text === 'string').join('; '));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Text of a registry in one line, without control characters and credentials, and not longer than a sentence. */
function foreignText(text: string): string {
  const line = redactUrls(stripControl(text)).replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH)}…` : line;
}
