import type { ImagePlan, PrivateModulesPlan } from './image-plan.ts';

/** How steps get at private modules, in the words of each file that is written. Nothing of it is in the image. */
export interface PrivateAccess {
  /** What the build is started with, with a space before it. */
  readonly buildFlags: string;
  /** Lines of the stage that builds. */
  readonly setup: readonly string[];
  /** Of each step that may download. */
  readonly mounts: readonly string[];
  /** Below `build:` of a service. */
  readonly composeBuild: readonly string[];
  /** At the end of the compose file. */
  readonly composeSecrets: readonly string[];
}

const NONE: PrivateAccess = { buildFlags: '', setup: [], mounts: [], composeBuild: [], composeSecrets: [] };

export function privateAccess({ privateModules }: ImagePlan): PrivateAccess {
  if (!privateModules) return NONE;
  return privateModules.isOverSsh ? overSsh(privateModules) : overHttps(privateModules);
}

function overHttps({ patterns }: PrivateModulesPlan): PrivateAccess {
  return {
    buildFlags: ' --secret id=netrc,src=$HOME/.netrc',
    setup: [`ENV GOPRIVATE=${patterns.join(',')}`],
    mounts: ['--mount=type=secret,id=netrc,target=/root/.netrc,required=true'],
    composeBuild: ['secrets:', '  - netrc'],
    composeSecrets: ['secrets:', '  netrc:', '    file: ${HOME}/.netrc'],
  };
}

/** The hosts' keys are the user's own: a build that asks the network for them trusts whoever answers. */
function overSsh({ patterns, hosts }: PrivateModulesPlan): PrivateAccess {
  const rewrites = hosts.map((host) => `git config --system url."ssh://git@${host}/".insteadOf https://${host}/`);
  return {
    buildFlags: ' --ssh default --secret id=known_hosts,src=$HOME/.ssh/known_hosts',
    setup: [`ENV GOPRIVATE=${patterns.join(',')}`, `RUN ${rewrites.join(' && \\\n    ')}`],
    mounts: [
      '--mount=type=ssh,required=true',
      '--mount=type=secret,id=known_hosts,target=/root/.ssh/known_hosts,required=true',
    ],
    composeBuild: ['ssh:', '  - default', 'secrets:', '  - known_hosts'],
    composeSecrets: ['secrets:', '  known_hosts:', '    file: ${HOME}/.ssh/known_hosts'],
  };
}
