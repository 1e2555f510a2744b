import type { GoModule } from '../golang/module/go-module.ts';
import type { Decision, GenerateOptions } from './image-plan.ts';
import { planImage } from './plan-image.ts';
import { privateAccess } from './private-access.ts';
import { writeCompose } from './write-compose.ts';
import { writeDevCompose, writeDevDockerfile } from './write-dev.ts';
import { writeDockerfile } from './write-dockerfile.ts';
import { writeIgnoreFile } from './write-ignore-file.ts';

export interface GeneratedFile {
  /** Relative to the module's folder. */
  readonly path: string;
  readonly text: string;
}

export interface GeneratedFiles {
  readonly files: readonly GeneratedFile[];
  readonly decisions: readonly Decision[];
  readonly warnings: readonly Decision[];
  /** Names of the programs, the default one last. */
  readonly programs: readonly string[];
  /** What a build of them has to be given, with a space before it; mostly nothing. */
  readonly buildFlags: string;
}

/**
 * Files that make an image of a Go module: a Dockerfile, a .dockerignore, a compose.yaml, and those for development. Pure:
 * nothing is written.
 * @throws KnownError GO_PROGRAM_MISSING, GO_MODULE_OUTSIDE, USAGE when the base cannot hold the program.
 */
export function generateFiles(module: GoModule, options: GenerateOptions = {}): GeneratedFiles {
  const plan = planImage(module, options);
  const files = [
    { path: 'Dockerfile', text: writeDockerfile(plan) },
    { path: '.dockerignore', text: writeIgnoreFile(plan, options.isStrict ?? false) },
    { path: 'compose.yaml', text: writeCompose(plan) },
  ];
  const dev = [
    { path: 'Dockerfile.dev', text: writeDevDockerfile(plan) },
    { path: 'compose.dev.yaml', text: writeDevCompose(plan) },
  ];
  return {
    files: options.isDev ? [...files, ...dev] : files,
    decisions: plan.decisions,
    warnings: plan.warnings,
    programs: plan.programs.map(({ name }) => name),
    buildFlags: privateAccess(plan).buildFlags,
  };
}
