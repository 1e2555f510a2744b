/**
 * Which shared libraries a program would not find in the image, by the rules of ld.so(8): RPATH, RUNPATH with `$ORIGIN`, the directories of
 * ld.so.conf and of musl's path file, the default ones. Libraries need libraries: all are followed, each once.
 */
import { posix } from 'node:path';
import type { ElfFile } from '../elf/read-elf.ts';
import type { AuditedImage } from './audited-image.ts';
import { textAt } from './text-at.ts';

export interface MissingLibrary {
  /** Its soname, or the path of the loader. */
  readonly name: string;
  /** Path of the file that needs it. */
  readonly neededBy: string;
}

interface Loaded {
  readonly path: string;
  readonly elf: ElfFile;
}

/** Most libraries of one program: what needs more than these was made to keep us busy. */
const MOST_LOADED = 1000;
const DEFAULT_DIRS = ['lib', 'usr/lib', 'lib64', 'usr/lib64', 'usr/local/lib'];
/** Debian's directories by machine, which its loader has built in. */
const MULTIARCH: Readonly<Record<string, string>> = {
  amd64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  '386': 'i386-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  riscv64: 'riscv64-linux-gnu',
  ppc64le: 'powerpc64le-linux-gnu',
  s390x: 's390x-linux-gnu',
};

export function missingLibraries(image: AuditedImage, program: Loaded): readonly MissingLibrary[] {
  const missing: MissingLibrary[] = [];
  const { interpreter } = program.elf;
  if (interpreter !== undefined && !image.tree.find(interpreter)?.node.content)
    missing.push({ name: interpreter, neededBy: program.path });
  const common = commonDirs(image, program.elf);
  const seen = new Set<string>();
  const waiting = [program];
  for (let next = waiting.shift(); next && seen.size < MOST_LOADED; next = waiting.shift()) {
    for (const name of next.elf.needed) {
      if (seen.has(name)) continue;
      seen.add(name);
      const found = findLibrary(image, { name, by: next, program, common });
      if (found) waiting.push(found);
      else missing.push({ name, neededBy: next.path });
    }
  }
  return missing;
}

interface Search {
  readonly name: string;
  readonly by: Loaded;
  readonly program: Loaded;
  readonly common: readonly string[];
}

function findLibrary(image: AuditedImage, { name, by, program, common }: Search): Loaded | undefined {
  const own =
    by.elf.runpath === undefined ? [...pathDirs(by, by.elf.rpath), ...pathDirs(program, program.elf.rpath)] : [];
  const dirs = name.includes('/') ? ['/'] : [...own, ...pathDirs(by, by.elf.runpath), ...common];
  for (const dir of dirs) {
    const found = image.tree.find(posix.join(dir, name));
    const facts = found?.node.content && image.programs.get(found.node.content.contentHash);
    // The loader passes over libraries of another machine.
    if (found && facts?.elf.machine === program.elf.machine) return { path: found.path, elf: facts.elf };
  }
  return undefined;
}

function pathDirs({ path }: Loaded, value: string | undefined): string[] {
  const origin = posix.dirname(`/${path}`);
  return (value ?? '')
    .split(':')
    .filter(Boolean)
    .map((dir) => dir.replace(/\$(?:ORIGIN\b|\{ORIGIN\})/g, origin));
}

function commonDirs(image: AuditedImage, { architecture, bits }: ElfFile): readonly string[] {
  const multiarch = MULTIARCH[architecture ?? ''];
  const ofMachine = multiarch ? [`lib/${multiarch}`, `usr/lib/${multiarch}`, `usr/local/lib/${multiarch}`] : [];
  const env = image.config.config.Env?.find((each) => each.startsWith('LD_LIBRARY_PATH='))?.split('=')[1] ?? '';
  const plain = bits === 64 ? DEFAULT_DIRS : [...DEFAULT_DIRS, 'lib32', 'usr/lib32'];
  return [...env.split(':').filter(Boolean), ...configuredDirs(image), ...ofMachine, ...plain];
}

/** The files that ld.so.conf includes are taken from its usual directory, whatever pattern it has. */
function configuredDirs(image: AuditedImage): readonly string[] {
  const included = [...(image.tree.find('etc/ld.so.conf.d')?.node.children?.keys() ?? [])].map(
    (name) => `etc/ld.so.conf.d/${name}`,
  );
  const musl = [...(image.tree.find('etc')?.node.children?.keys() ?? [])].filter((name) =>
    /^ld-musl-.*\.path$/.test(name),
  );
  const files = ['etc/ld.so.conf', ...included, ...musl.map((name) => `etc/${name}`)];
  return files.flatMap((file) =>
    (textAt(image, file) ?? '')
      .split(/[\n:]/)
      .map((line) => line.trim())
      .filter((line) => line.startsWith('/')),
  );
}
