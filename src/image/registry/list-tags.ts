import { type HttpResponse, headerValues } from './http-transport.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistrySession, RepositoryName } from './registry-session.ts';
import type { RetryPolicy } from './retry.ts';

export interface ListTagsOptions {
  readonly signal?: AbortSignal | undefined;
  readonly retry?: RetryPolicy;
  /** At most so many; 10,000 unless told. */
  readonly limit?: number;
}

const MAX_PAGE_BYTES = 8 * 1024 * 1024;
const TAG = /^\w[\w.-]{0,127}$/;

type Page = Awaited<ReturnType<RegistrySession['requestBytes']>>;

/** The tags of a repository in the registry's order. distribution-spec, "Content Discovery". */
export async function listTags(
  session: RegistrySession,
  repository: RepositoryName,
  { signal, retry, limit = 10_000 }: ListTagsOptions = {},
): Promise<string[]> {
  const tags: string[] = [];
  let path: string | URL | undefined = 'tags/list?n=1000';
  while (path !== undefined && tags.length < limit) {
    const { response, bytes }: Page = await session.requestBytes(
      {
        repository,
        method: 'GET',
        path,
        expect: [200],
        subject: `the tags of ${repository.repository}`,
        signal,
        ...(retry && { retry }),
      },
      MAX_PAGE_BYTES,
    );
    const page = readPage(bytes, repository.registry);
    tags.push(...page);
    path = page.length > 0 ? nextPage(response) : undefined;
  }
  return tags.slice(0, limit);
}

function readPage(bytes: Buffer | undefined, registry: string): string[] {
  try {
    const { tags } = Object(JSON.parse(bytes?.toString() ?? ''));
    return (Array.isArray(tags) ? tags : []).filter((tag) => typeof tag === 'string' && TAG.test(tag));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RegistryError('REGISTRY_FAILED', `${registry} sent a list of tags that cannot be read.`);
  }
}

/** RFC 8288. Only the same host's pages are followed. */
function nextPage(response: HttpResponse): URL | undefined {
  for (const link of headerValues(response, 'link')) {
    const target = /^\s*<([^>]{1,2048})>\s*;.*\brel="?next"?/i.exec(link)?.[1];
    if (target === undefined || !URL.canParse(target, response.url.href)) continue;
    const url = new URL(target, response.url);
    if (url.origin === response.url.origin) return url;
  }
  return undefined;
}
