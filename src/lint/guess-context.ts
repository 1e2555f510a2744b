import { existsSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import type { AddInstruction, CopyInstruction, Dockerfile, Instruction } from '../dockerfile/ast.ts';
import { isRemoteSource } from './subject/remote-source.ts';

/** Contexts further up than this are nobody's habit. */
const MOST_LEVELS = 8;

/**
 * The directory that a Dockerfile is most likely built from: its own, or one above it, up to `top`: the nearest that has
 * most of what it needs. `docker/Dockerfile` that copies `go.mod` is built from the folder with the `go.mod`.
 */
export function guessContext(path: string, dockerfile: Dockerfile, top: string): string {
  const own = dirname(path);
  const wanted = [...copiedSources(dockerfile), ...foldersUsed(dockerfile)];
  const most = wanted.reduce((sum, source) => sum + weight(source), 0);
  let best = own;
  let bestWeight = weightFound(own, wanted);
  for (let dir = own, level = 0; level < MOST_LEVELS && bestWeight < most && isBelow(dir, top); level++) {
    dir = dirname(dir);
    const found = weightFound(dir, wanted);
    if (found > bestWeight) [best, bestWeight] = [dir, found];
  }
  return best;
}

function copiedSources({ instructions }: Dockerfile): readonly string[] {
  return instructions.flatMap((instruction) => {
    if (!isCopy(instruction) || instruction.flags.some(({ name }) => name === 'from')) return [];
    const words = instruction.sources.map(({ text }) => text.replace(/^["']|["']$/g, ''));
    return words.filter((text) => !/[$*?[]/.test(text) && !isRemoteSource(text) && !isEverything(text));
  });
}

/** Behind `COPY . /src`: folders of /src that steps work in or that go compiles. */
function foldersUsed({ instructions }: Dockerfile): readonly string[] {
  const found: string[] = [];
  let workdir = '/';
  let root: string | undefined;
  const use = (path: string): void => {
    if (root !== undefined && path.startsWith(root === '/' ? root : `${root}/`)) found.push(posix.relative(root, path));
  };
  for (const instruction of instructions) {
    if (instruction.kind === 'FROM') [workdir, root] = ['/', undefined];
    if (instruction.kind === 'WORKDIR') {
      workdir = posix.resolve(workdir, instruction.path.text);
      if (!workdir.includes('$')) use(workdir);
    }
    if (isCopy(instruction) && instruction.sources.some(({ text }) => isEverything(text)))
      root = posix.resolve(workdir, instruction.destination.text);
    if (instruction.kind === 'RUN')
      for (const operand of packagesBuilt(instruction.original)) use(posix.resolve(workdir, operand));
  }
  return found;
}

/** `./cmd/app` of `go build ./cmd/app`. */
function packagesBuilt(text: string): readonly string[] {
  return [...text.matchAll(/\bgo (?:build|install)\b[^&|;]*/g)].flatMap(
    ([command]) => command.match(/(?<=\s)\.\/[\w./-]*\w(?=\s|$)/g) ?? [],
  );
}

function isCopy(instruction: Instruction): instruction is CopyInstruction | AddInstruction {
  return instruction.kind === 'COPY' || instruction.kind === 'ADD';
}

function isEverything(source: string): boolean {
  return /^(?:\.|\/)?\/?$/.test(source);
}

function weightFound(dir: string, wanted: readonly string[]): number {
  return wanted.reduce((sum, source) => sum + (existsSync(join(dir, source)) ? weight(source) : 0), 0);
}

/** A long path is hardly there by chance. */
function weight(source: string): number {
  return posix
    .normalize(source)
    .replace(/^\/|\/$/g, '')
    .split('/').length;
}

function isBelow(dir: string, top: string): boolean {
  const path = relative(top, dir);
  return path !== '' && !path.startsWith('..');
}
