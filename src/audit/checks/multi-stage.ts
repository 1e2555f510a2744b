import { isAllowed } from '../audit-policy.ts';
import type { AuditedImage } from '../audited-image.ts';
import { type Check, type Evidence, failedIfAny } from '../check.ts';

/** Programs that only make other programs. */
const COMPILERS =
  /^(?:usr\/local\/go\/bin\/go|(?:usr\/(?:local\/)?)?bin\/(?:go|gcc(?:-\d+)?|g\+\+(?:-\d+)?|cc1?|clang(?:-\d+)?|rustc|cargo|javac|make|ld))$/;
const SOURCES = /(?:^|\/)(?:go\.mod|[^/]+_test\.go|Cargo\.toml|pom\.xml|CMakeLists\.txt)$/;
/** What systems and languages bring along is no source of the image's own. */
const BROUGHT_ALONG = /^(?:usr\/(?:share|lib|src|local\/(?:go|lib|share))|root\/\.cargo|go\/pkg)\//;
const SHOWN_SOURCES = 5;

export const multiStage: Check = {
  name: 'multi-stage',
  title: 'holds no compilers and no sources',
  level: 'warning',
  hint: 'Build in one stage and copy what is needed at run time into another: FROM … AS builder, COPY --from=builder.',
  run(image, policy) {
    const found = [...compilers(image), ...sources(image)].filter(
      ({ path = '' }) => !isAllowed(policy, this.name, path),
    );
    return failedIfAny(found, 'no compiler, no module of sources');
  },
};

function compilers({ tree }: AuditedImage): Evidence[] {
  return [...tree.walk()]
    .filter(({ path, node }) => COMPILERS.test(path) && node.entry.kind !== 'directory')
    .map(({ path, node }) => ({ text: 'compiler or build tool', path, layer: node.layer + 1 }));
}

function sources({ tree }: AuditedImage): Evidence[] {
  return [...tree.walk()]
    .filter(({ path, node }) => node.content !== undefined && SOURCES.test(path) && !BROUGHT_ALONG.test(path))
    .slice(0, SHOWN_SOURCES)
    .map(({ path, node }) => ({ text: 'source file', path, layer: node.layer + 1 }));
}
