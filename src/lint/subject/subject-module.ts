import { posix } from 'node:path';
import type { GoModule, GoProgram } from '../../golang/module/go-module.ts';
import { contextCopies } from './context-copies.ts';
import type { GoCommand } from './go-build.ts';
import type { LintContext } from './lint-context.ts';
import type { LintStage, LintSubject } from './lint-subject.ts';
import { contextFolderOf } from './package-folder.ts';
import { shippedBinaries } from './shipped-binaries.ts';

/** A module and where it lies in the context. */
export interface SubjectModule {
  /** '' is the context's root. Places in `go` are relative to it. */
  readonly folder: string;
  readonly go: GoModule;
}

/** The one in the context's root, else in the folder whose go.mod a stage copies. */
export function readSubjectModule(stages: readonly LintStage[], context: LintContext): SubjectModule | undefined {
  const go = context.goModule();
  if (go) return { folder: '', go };
  for (const folder of copiedModuleFolders(stages)) {
    const nested = context.goModule(folder);
    if (nested) return { folder, go: nested };
  }
  return undefined;
}

function copiedModuleFolders(stages: readonly LintStage[]): readonly string[] {
  const words = stages.flatMap(contextCopies).flatMap(({ instruction }) => instruction.sources.map(({ text }) => text));
  const folders = words
    .filter((text) => posix.basename(text) === 'go.mod')
    .map((text) => posix.join('/', posix.dirname(text)).slice(1));
  return [...new Set(folders)].filter((folder) => folder !== '');
}

/** The program whose binary the target ships, or builds itself; undefined where there is more than one, or none is clear. */
export function shippedProgram(subject: LintSubject): GoProgram | undefined {
  const binaries = shippedBinaries(subject, subject.target);
  // Before the module is read: that takes time.
  if (binaries.length === 0) return undefined;
  const found = new Set(binaries.map(({ build }) => programOf(build, subject)));
  const [program, ...others] = found;
  return others.length === 0 ? program : undefined;
}

/** The program that a build compiles, by where it runs and the package it names. */
export function programOf(build: GoCommand, subject: LintSubject): GoProgram | undefined {
  const { folder, go } = subject.module ?? {};
  const [operand = '.', ...others] = build.operands.map(({ text }) => text);
  if (folder === undefined || !go || others.length > 0 || operand.includes('...')) return undefined;
  const byImport = go.programs.find(({ importPath }) => importPath === operand);
  if (byImport) return byImport;
  // Of one file among others of its folder nothing is known.
  if (operand.endsWith('.go') && posix.basename(operand) !== 'main.go') return undefined;
  const place = contextFolderOf(build, subject);
  if (place === undefined && go.programs.length === 1) return go.programs[0];
  const path = posix.join(place ?? folder, operand.replace(/\/?main\.go$/, '') || '.');
  const dir = posix.relative(`/${folder}`, posix.join('/', path));
  return go.programs.find((program) => program.dir === dir);
}
