import { stageTraits } from './base-traits.ts';
import { flagOf, type GoCommand, linkerFlags } from './go-build.ts';
import { lineage } from './lineage.ts';

const COMPILERS = /^(?:gcc|g\+\+|build-base|build-essential|musl-dev|clang|musl-tools)(?:$|[=~-])/;

/** How a build is linked, as far as the text tells: `dynamic` when cgo is on and a C compiler is there. */
export function linkage(build: GoCommand): 'static' | 'dynamic' | undefined {
  const enabled = build.env.get('CGO_ENABLED');
  if (enabled === '0') return 'static';
  if (isLinkedStatically(build)) return 'static';
  if (enabled !== undefined && enabled !== '1') return undefined;
  // Cross compiling turns cgo off, unless it is asked for.
  if (enabled === undefined && (build.env.has('GOARCH') || foreignOs(build))) return undefined;
  return hasCompiler(build) ? 'dynamic' : undefined;
}

function foreignOs({ env }: GoCommand): boolean {
  const os = env.get('GOOS');
  return os !== undefined && os !== 'linux';
}

/** By the external linker, or with pure Go in place of what needs C. */
function isLinkedStatically(build: GoCommand): boolean {
  const isStatic = linkerFlags(build)?.some((flag) => /-static|^["']?\$/.test(flag)) ?? false;
  const tags = flagOf(build, 'tags')?.value ?? '';
  return isStatic || /\bnetgo\b/.test(tags) || tags.includes('$');
}

/** The base's own, or one that a package manager brought. */
function hasCompiler({ stage }: GoCommand): boolean {
  if (stageTraits(stage)?.hasCompiler) return true;
  return lineage(stage).some(({ steps }) =>
    steps.some(
      ({ commands, instruction }) =>
        instruction.kind === 'RUN' && commands.some(({ args }) => args.some(({ text }) => COMPILERS.test(text))),
    ),
  );
}
