/**
 * A Go module → what its image is made of, each choice with its reason. Pure: what it writes down is written by the files
 * beside it, so that a Dockerfile, a .dockerignore and a compose.yaml cannot disagree.
 */

import { posix } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import type { GoModule, GoProgram } from '../golang/module/go-module.ts';
import { compareGoVersions } from '../golang/module/go-version.ts';
import { choosePrograms } from './choose-programs.ts';
import type { Decision, GenerateOptions, ImagePlan, PrivateModulesPlan } from './image-plan.ts';
import { moduleWarnings } from './module-warnings.ts';
import { namePrograms } from './name-programs.ts';
import { planPrivateModules } from './plan-private-modules.ts';
import { planProgram } from './plan-program.ts';

/** Releases of Go that get fixes; a module that names an older one is built with the newest, as Go promises it can be. */
const MAINTAINED = ['1.25', '1.26'];

/** @throws KnownError GO_PROGRAM_MISSING, GO_MODULE_OUTSIDE, USAGE when the base cannot hold the program. */
export function planImage(module: GoModule, options: GenerateOptions): ImagePlan {
  assertInside(module);
  const chosen = choosePrograms(module, options.main);
  const programs = namePrograms(chosen).map((named) => planProgram(module, named, options.base));
  const goVersion = chooseGoVersion(module);
  const privateModules = planPrivateModules(module, options);
  const plans = programs.map(({ plan }) => plan);
  const repeated = programs.flatMap(({ decisions, plan }) =>
    programs.length === 1
      ? decisions
      : decisions.map(({ what, ...rest }) => ({ what: `${plan.name}: ${what}`, ...rest })),
  );
  return {
    module,
    goVersion: goVersion.what,
    builderImage: `golang:${goVersion.what}-bookworm`,
    toolsImage: `golang:${newestOf(goVersion.what)}-bookworm`,
    moduleFiles: moduleFiles(module),
    sources: sourcePaths(
      module,
      plans.flatMap(({ program }) => [program]),
    ),
    isVendored: module.isVendored,
    privateModules,
    programs: plans,
    repository: repositoryOf(module.root.importPath),
    decisions: [
      { ...goVersion, what: `golang:${goVersion.what}-bookworm builds it` },
      ...moduleDecisions(module),
      ...namesakes(module, chosen),
      ...privateDecisions(module, privateModules),
      ...repeated,
    ],
    warnings: moduleWarnings(
      module,
      { chosen, isNamed: options.main !== undefined },
      programs.flatMap(({ warnings }) => warnings),
    ),
  };
}

function assertInside({ outside, workspace }: GoModule): void {
  const [first] = outside;
  if (!first) return;
  throw new KnownError(
    'GO_MODULE_OUTSIDE',
    `${first.at.path} uses ${JSON.stringify(first.target)}, which lies outside of the directory.`,
    {
      hint: workspace
        ? 'A build sees its context only: move the folder, or take it out of go.work.'
        : 'A build sees its context only: make a workspace in the folder above both (go work init), and run slipway init there.',
    },
  );
}

function chooseGoVersion({ goVersion, toolchain }: GoModule): Decision {
  const newest = MAINTAINED.at(-1) ?? '';
  const asked = [goVersion, toolchain]
    .flatMap((found) => found ?? [])
    .sort((a, b) => compareGoVersions(b.value, a.value))[0];
  const [, version] = /^(?:go)?(\d+\.\d+)/.exec(asked?.value ?? '') ?? [];
  if (!asked || !version) return { what: newest, why: 'go.mod names no version of Go' };
  if (compareGoVersions(version, MAINTAINED[0] ?? '') >= 0)
    return { what: version, why: `${asked.value} is asked for`, at: asked.at };
  return {
    what: newest,
    why: `${asked.value} or newer is asked for, and Go ${version} gets no fixes any more`,
    at: asked.at,
  };
}

/** What a module asks for may be newer than what is known here. */
function newestOf(version: string): string {
  const newest = MAINTAINED.at(-1) ?? '';
  return compareGoVersions(version, newest) > 0 ? version : newest;
}

function moduleDecisions({ isVendored, workspace, modules, tags }: GoModule): readonly Decision[] {
  const decisions: Decision[] = tags.length === 0 ? [] : [{ what: `-tags ${tags.join(',')}`, why: '--tags' }];
  if (isVendored) decisions.push({ what: 'no go mod download', why: 'vendor/ has the modules' });
  else if (modules.some(({ file }) => file.requires.length > 0))
    decisions.push({
      what: 'modules are downloaded before sources are copied',
      why: 'an edited source downloads nothing again',
    });
  if (workspace) decisions.push({ what: 'go.work is copied', why: `the workspace has ${modules.length} modules` });
  return decisions;
}

/** Programs that were left out because the one in the root has their name. */
function namesakes({ programs, root }: GoModule, chosen: readonly GoProgram[]): readonly Decision[] {
  const inRoot = chosen.find(({ dir }) => dir === root.dir);
  return programs
    .filter((program) => inRoot && program !== inRoot && program.binary === inRoot.binary)
    .map(({ dir }) => ({
      what: `${dir} is left out`,
      why: `the program in the module's root has its name; --main ${dir} takes it`,
    }));
}

function privateDecisions({ privateModules }: GoModule, plan: PrivateModulesPlan | undefined): readonly Decision[] {
  if (!plan) return [];
  const [first] = privateModules;
  const what = plan.isOverSsh
    ? 'the ssh agent and the secret "known_hosts" are mounted'
    : 'the secret "netrc" is mounted';
  return [{ what, why: first ? `${first.value} looks private` : '--private', at: first?.at }];
}

function moduleFiles({ modules, workspace }: GoModule): ImagePlan['moduleFiles'] {
  const ofWork = workspace ? ['go.work', ...(workspace.hasSum ? ['go.work.sum'] : [])] : [];
  const files = modules.map(({ dir, hasSum }) => ({ dir, names: ['go.mod', ...(hasSum ? ['go.sum'] : [])] }));
  const root = files.find(({ dir }) => dir === '');
  const others = files.filter(({ dir }) => dir !== '');
  const first = [...ofWork, ...(root?.names ?? [])];
  return [...(first.length > 0 ? [{ dir: '', names: first }] : []), ...others];
}

/** What has to be copied to build: folders as high as they are, files of the root by their kind. */
function sourcePaths(
  { packages, programs: all }: GoModule,
  programs: readonly {
    readonly packageDirs: readonly string[];
    readonly embeds: readonly { readonly files: readonly string[] }[];
  }[],
): readonly string[] {
  const dirs = new Set(programs.flatMap(({ packageDirs }) => packageDirs));
  // Of cmd/ only what is wanted, where not all of it is: an edit of another program builds nothing again.
  const isWhole = dirs.has('cmd') || all.every(({ dir }) => !dir.startsWith('cmd/') || dirs.has(dir));
  const uppermost = (path: string): string => {
    const [top = '', next] = path.split('/');
    return top === 'cmd' && next !== undefined && !isWhole ? `${top}/${next}` : top;
  };
  const folders = [...dirs].filter((dir) => dir !== '').map(uppermost);
  const embedded = programs.flatMap(({ embeds }) => embeds.flatMap(({ files }) => files)).map(uppermost);
  const rootPackage = packages.find(({ dir }) => dir === '' && dirs.has(''));
  return [
    ...(rootPackage ? ['.go', ...rootPackage.otherSources].map((extension) => `*${extension}`) : []),
    ...[...new Set([...folders, ...embedded.filter((path) => !path.endsWith('.go'))])].sort(),
  ];
}

/** Of hosts whose paths are repositories. */
function repositoryOf(importPath: string): string | undefined {
  const [host = '', owner, name] = importPath.split('/');
  return owner && name && /^(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)$/.test(host)
    ? `https://${posix.join(host, owner, name)}`
    : undefined;
}
