import { type HttpRequest, type HttpResponse, header } from './http-transport.ts';
import { RegistryError } from './registry-error.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_HOPS = 10;

/**
 * Sends a request and follows where the answers point. Authorization stays with the host it is for, and what began
 * over HTTPS is not continued without.
 */
export async function followRedirects(
  registry: string,
  request: HttpRequest,
  send: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  let hop = request;
  for (let hops = 0; hops <= MAX_HOPS; hops++) {
    const response = await send(hop);
    const location = header(response, 'location');
    if (!REDIRECTS.has(response.status) || location === undefined || !mayRepeat(hop, response.status)) return response;
    await response.discard();
    hop = { ...hop, ...redirected(registry, hop, location) };
  }
  throw new RegistryError('REGISTRY_FAILED', `${registry} redirects in a circle.`);
}

/** A stream is gone after the first hop, and 301 to 303 would make a GET of everything that is not one. */
function mayRepeat({ method, body }: HttpRequest, status: number): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  return (status === 307 || status === 308) && (body === undefined || body instanceof Uint8Array);
}

function redirected(registry: string, { url, headers, security }: HttpRequest, location: string): Partial<HttpRequest> {
  const target = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (target?.protocol !== 'https:' && (target?.protocol !== 'http:' || url.protocol === 'https:')) {
    throw new RegistryError('REGISTRY_FAILED', `${registry} redirects to an address that is not HTTPS.`);
  }
  if (target.origin === url.origin) return { url: target };
  const { authorization: _, ...others } = headers;
  return { url: target, headers: others, security: target.hostname === url.hostname ? security : 'https' };
}
