import type { Rule } from '../rule.ts';
import { namedImages } from '../subject/image-names.ts';

/** Only where the configuration names the registries that are trusted. */
export const registryNotAllowed: Rule = {
  name: 'registry-not-allowed',
  family: 'practice',
  severity: 'error',
  level: 'default',
  summary: 'An image comes from a registry that the policy does not name',
  hadolint: ['DL3026'],

  *check(subject) {
    const { registries } = subject.policy;
    if (registries.length === 0) return;
    for (const { reference, range } of namedImages(subject)) {
      const { registry, repository } = reference;
      const isAllowed = registries.some((allowed) => matches(allowed, registry, `${registry}/${repository}`));
      if (isAllowed) continue;
      yield {
        message: `${registry}/${repository} comes from ${registry}, which is not among the registries of the policy.`,
        range,
        hint: `Take it from one of: ${registries.join(', ')}.`,
      };
    }
  },
};

/** `ghcr.io`, `ghcr.io/team` and all below it, or `*.example.com`. */
function matches(allowed: string, registry: string, repository: string): boolean {
  if (allowed.startsWith('*.')) return registry.endsWith(allowed.slice(1));
  return registry === allowed || repository === allowed || repository.startsWith(`${allowed.replace(/\/\*?$/, '')}/`);
}
