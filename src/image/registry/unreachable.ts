import { KnownError, systemErrorCode } from '../../diagnostics/known-error.ts';
import { redactUrls, stripControl } from '../../diagnostics/redact.ts';
import { RegistryError } from './registry-error.ts';
import { UploadSourceError } from './upload-source.ts';

export interface Attempt {
  readonly registry: string;
  readonly url: URL;
  readonly proxy: string | undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'its name does not resolve',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'the network is not reachable',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped sending',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'it sent another number of bytes than it announced',
};

const PASSING = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)/;
const NO_TLS = /^(?:EPROTO|ERR_SSL_)/;

/**
 * The error for an exchange that failed below HTTP. Errors that say more already (a known one, of the source of an
 * upload) come back as they are, and so do errors of unknown kind, which are bugs.
 */
export function unreachableError(error: unknown, attempt: Attempt): unknown {
  if (error instanceof UploadSourceError) return error.cause;
  const code = networkCode(error);
  if (error instanceof KnownError || code === undefined) return error;
  const reason = reasonFor(code, attempt);
  const { hostname, port, protocol } = attempt.url;
  const at = `${hostname} port ${port || (protocol === 'https:' ? 443 : 80)}`;
  const via = attempt.proxy === undefined ? '' : ` through the proxy ${proxyName(attempt.proxy)}`;
  const name = stripControl(attempt.registry);
  return new RegistryError(
    'REGISTRY_UNREACHABLE',
    `The registry ${name} cannot be reached at ${at}${via}: ${reason}.`,
    {
      hint: hintFor(code, attempt),
      retryable: PASSING.has(code),
      cause: error,
    },
  );
}

/** The code of a failed connection; undici wraps some, and one to several addresses fails with an AggregateError. */
function networkCode(error: unknown): string | undefined {
  const code = systemErrorCode(error);
  if (code !== undefined && code !== 'UND_ERR_SOCKET') return code;
  return (error instanceof Error && systemErrorCode(error.cause)) || code;
}

function reasonFor(code: string, { proxy }: Attempt): string {
  if (code === 'UND_ERR_ABORTED' && proxy !== undefined) return 'the proxy refused to connect';
  if (CERTIFICATE.test(code)) return `its certificate is not trusted (${code})`;
  if (NO_TLS.test(code)) return 'it does not speak TLS';
  return REASONS[code] ?? `the connection failed (${code})`;
}

function hintFor(code: string, { registry, url }: Attempt): string {
  if (CERTIFICATE.test(code)) {
    return `Name its certificate authority in NODE_EXTRA_CA_CERTS, or put it into /etc/docker/certs.d/${url.host}/ca.crt.`;
  }
  if (NO_TLS.test(code)) return `If ${registry} speaks plain HTTP, list it as an insecure registry.`;
  return 'Check the name, the network and the proxy variables; `slipway load` and `slipway import` take images from files.';
}

function proxyName(proxy: string): string {
  return stripControl(redactUrls(proxy));
}
