import type { BaseImageResolver, FrontendOptions } from '../build/frontend/build-plan.ts';
import { planBuild } from '../build/frontend/frontend.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import type { Dockerfile } from '../dockerfile/ast.ts';
import type { Digest } from '../image/digest.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' } as const;
const NO_DIGEST = `sha256:${'0'.repeat(64)}` as Digest;

/** Any name is an image of the platform asked for that sets nothing: a linter asks no registry. */
const OFFLINE: BaseImageResolver = {
  resolve: async (reference, platform) => ({
    reference,
    manifestDigest: NO_DIGEST,
    platform,
    config: { ...platform, config: {}, rootfs: { type: 'layers', diff_ids: [] } },
  }),
};

const OPTIONS: FrontendOptions = {
  buildArgs: {},
  labels: {},
  platform: PLATFORM,
  buildPlatform: PLATFORM,
  namedContexts: {},
  ignoreCache: false,
  network: 'default',
  extraHosts: [],
  ulimits: [],
  allow: ['network.host', 'security.insecure', 'device'],
  allStages: true,
};

export interface BuildChecks {
  /** Of BuildKit's checks, by their names, as `# check=` wants them. */
  readonly findings: readonly Diagnostic[];
  /** What would end the build before anything runs. */
  readonly error: KnownError | undefined;
}

/** The checks that a build makes of a Dockerfile, but for those that must know the base image. Asks no network. */
export async function buildChecks(dockerfile: Dockerfile): Promise<BuildChecks> {
  const findings: Diagnostic[] = [];
  const onFinding = (finding: Diagnostic): void => void findings.push(finding);
  const buildArgs = standInArgs(dockerfile);
  try {
    await planBuild(dockerfile, { ...OPTIONS, buildArgs, onFinding }, OFFLINE, new AbortController().signal);
    return { findings, error: undefined };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    if (error.code !== 'CHECK_FAILED') return { findings, error };
    // `# check=error=true`: each finding would end the build.
    return { findings: findings.map((finding) => ({ ...finding, severity: 'error' })), error: undefined };
  }
}

/**
 * Values for arguments that only a build can give: without one, FROM would name no image, and that is no mistake of the
 * Dockerfile. That such an argument has no default is the finding InvalidDefaultArgInFrom.
 */
function standInArgs({ instructions }: Dockerfile): Readonly<Record<string, string>> {
  const names: string[] = [];
  for (const instruction of instructions) {
    if (instruction.kind === 'FROM') break;
    if (instruction.kind !== 'ARG') continue;
    for (const { name, value } of instruction.args)
      if (!value || value.text.replace(/["']/g, '') === '') names.push(name.text);
  }
  return Object.fromEntries(names.map((name) => [name, standInFor(name)]));
}

function standInFor(name: string): string {
  if (/sha|digest/i.test(name)) return NO_DIGEST.slice('sha256:'.length);
  return /platform/i.test(name) ? 'linux/amd64' : 'latest';
}
