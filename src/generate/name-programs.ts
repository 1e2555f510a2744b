import type { GoProgram } from '../golang/module/go-module.ts';

/** Names that a stage cannot have: the Dockerfile's own stage, and those that FROM and COPY take for something else. */
const RESERVED: readonly string[] = ['sources', 'scratch', 'context'];

/** Folders that say of a program no more than that it is one. */
const GENERIC = /^(?:cmd|main|src|go|bin|v\d+)$/;

/**
 * A name for each program, as targets, services and images may have it: that of its binary, or of what lies around it where that
 * says nothing (`compose/v5/cmd`), behind further folders where several share it. The stage `build-NAME` is free for each of them, too.
 */
export function namePrograms(
  programs: readonly GoProgram[],
): readonly { readonly program: GoProgram; readonly name: string }[] {
  const taken = new Set(RESERVED);
  return programs.map((program) => {
    const name = firstFree(program, (candidate) => !taken.has(candidate) && !taken.has(`build-${candidate}`));
    taken.add(name).add(`build-${name}`);
    return { program, name };
  });
}

function firstFree({ binary, importPath }: GoProgram, isFree: (name: string) => boolean): string {
  const path = importPath.split('/');
  const end = path.findLastIndex((element) => !GENERIC.test(element));
  const own = GENERIC.test(binary) ? (path[end] ?? binary) : binary;
  const around = path.slice(0, Math.max(0, end));
  const longer = around.map((_, index) => [...around.slice(-1 - index), own].join('-'));
  const found = [own, ...longer].map(asName).find(isFree);
  // Two modules of a workspace may say that they are the same one.
  for (let count = 2; ; count++) {
    const name = found ?? `${asName(own)}-${count}`;
    if (isFree(name)) return name;
  }
}

function asName(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z]+/, '')
      .replace(/[^a-z0-9]+$/, '') || 'app'
  );
}
