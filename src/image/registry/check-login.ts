import type { RegistrySession } from './registry-session.ts';

/**
 * Proves that the session's credentials are good for a registry, by asking for its API's root.
 * @throws RegistryError REGISTRY_UNAUTHORIZED when they are not, or when there are none and some are needed
 */
export async function checkLogin(
  session: RegistrySession,
  registry: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const response = await session.request({
    repository: { registry, repository: '' },
    method: 'GET',
    path: new URL('/v2/', await session.baseUrl(registry)),
    expect: [200],
    subject: 'its API',
    signal,
  });
  await response.discard();
}
