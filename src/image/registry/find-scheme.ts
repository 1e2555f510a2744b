import type { HttpRequest, HttpResponse } from './http-transport.ts';
import { RegistryError } from './registry-error.ts';
import { registryUrl, type TransportSecurity } from './registry-host.ts';

/** A probe must not hold up a build for as long as a real request may. */
const PROBE_TIMEOUT_MS = 5_000;

/**
 * The address of a registry with the scheme it answers to. A loopback registry is asked by plain HTTP first and is
 * taken for HTTPS when that does not answer; one listed as insecure the other way round; any other is HTTPS, unasked.
 */
export async function findScheme(
  registry: string,
  security: TransportSecurity,
  send: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<URL> {
  const secure = registryUrl(registry);
  if (security === 'https' || registry.endsWith(':443')) return secure;
  const plain = new URL(`http://${secure.host}`);
  const [first, second] = security === 'loopback' ? [plain, secure] : [secure, plain];
  if (await answers(first, security, send)) return first;
  // When neither answers, the error of the real request should be that of the scheme that was meant.
  return (await answers(second, security, send)) ? second : first;
}

/** Whether a registry answers there. A TLS port answers plain HTTP with 400 or not at all. */
async function answers(
  base: URL,
  security: TransportSecurity,
  send: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<boolean> {
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  try {
    const response = await send({ method: 'GET', url: new URL('/v2/', base), headers: {}, security, signal });
    await response.discard();
    return response.status !== 400;
  } catch (error) {
    if (error instanceof RegistryError || signal.aborted) return false;
    throw error;
  }
}
