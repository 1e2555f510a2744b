import type { GoProgram } from '../golang/module/go-module.ts';

/** Names that a stage cannot have: the Dockerfile's own stage, and those that FROM and COPY take for something else. */
const RESERVED: readonly string[] = ['sources', 'scratch', 'context'];

/**
 * A name for each program, as targets, services and images may have it: that of its binary, behind the folders around it where
 * several share that. The stage `build-NAME` is free for each of them, too.
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
  const elements = importPath.split('/').slice(0, -1);
  const longer = elements.map((_, index) => [...elements.slice(-1 - index), binary].join('-'));
  const found = [binary, ...longer].map(asName).find(isFree);
  // Two modules of a workspace may say that they are the same one.
  for (let count = 2; ; count++) {
    const name = found ?? `${asName(binary)}-${count}`;
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
