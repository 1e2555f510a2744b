/**
 * Which packages a Go program is made of and how much code each has, and what its other sections take. Everything in the file is
 * taken for hostile: what does not add up is no Go program.
 */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { type ByteSource, fileSource } from '../elf/byte-source.ts';
import { type ElfSection, readElf } from '../elf/read-elf.ts';
import { type FunctionSize, goFunctions } from './go-functions.ts';

export interface PackageSize {
  /** Import path, or a name in parentheses for what belongs to no package. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** A program by sections, and its code by package and function. Each list is largest first. */
export interface ProgramSizes {
  readonly sections: readonly PackageSize[];
  readonly packages: readonly (PackageSize & { readonly functions: readonly PackageSize[] })[];
}

/** Packages and sections other than code, largest first; undefined when the file is no Go program of a known form. */
export function binaryPackages(path: string): readonly PackageSize[] | undefined {
  const fd = openSync(path, 'r');
  try {
    const sizes = programSizes(fileSource(fd, fstatSync(fd).size));
    return sizes && bySize([...sizes.packages, ...sizes.sections.filter(({ name }) => name !== CODE)]);
  } finally {
    closeSync(fd);
  }
}

/** undefined when it is no Go program of a known form. */
export function programSizes(source: ByteSource): ProgramSizes | undefined {
  const elf = readElf(source);
  const functions = elf && functionsOf(source, elf);
  return functions && { sections: sectionSizes(elf.sections), packages: packageSizes(functions) };
}

function functionsOf(...args: Parameters<typeof goFunctions>): readonly FunctionSize[] | undefined {
  try {
    return goFunctions(...args);
  } catch (error) {
    // Reading behind the end of a table: the file lies about itself.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function packageSizes(functions: readonly FunctionSize[]): ProgramSizes['packages'] {
  const byPackage = new Map<string, PackageSize[]>();
  for (const { name, packageName, sizeBytes } of functions) {
    const known = byPackage.get(packageName);
    if (known) known.push({ name, sizeBytes });
    else byPackage.set(packageName, [{ name, sizeBytes }]);
  }
  const packages = [...byPackage].map(([name, own]) => {
    return { name, sizeBytes: own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), functions: bySize(own) };
  });
  return bySize(packages);
}

/** Sections by what they are for; those of debuggers are one. */
function sectionSizes(sections: readonly ElfSection[]): readonly PackageSize[] {
  const sizes = new Map<string, number>();
  for (const { name, size } of sections) {
    if (size === 0 || name === '') continue;
    const title = /^\.z?debug/.test(name) ? 'debug information' : (SECTION_NAMES[name] ?? name);
    sizes.set(title, (sizes.get(title) ?? 0) + size);
  }
  return bySize([...sizes].map(([title, sizeBytes]) => ({ name: `(${title})`, sizeBytes })));
}

function bySize<T extends PackageSize>(sizes: readonly T[]): readonly T[] {
  return [...sizes].sort((a, b) => b.sizeBytes - a.sizeBytes);
}

const CODE = '(code)';

const SECTION_NAMES: Readonly<Record<string, string>> = {
  '.text': 'code',
  '.rodata': 'read-only data',
  '.gopclntab': 'function table',
  '.data.rel.ro.gopclntab': 'function table',
  '.data': 'data',
  '.noptrdata': 'data without pointers',
  '.typelink': 'types',
  '.itablink': 'interfaces',
  '.symtab': 'symbols',
  '.strtab': 'symbol names',
};
