import { closeSync, readSync } from 'node:fs';
import type { FileEntry } from '../../context/file-tree.ts';
import { openEntry } from '../../context/open-entry.ts';
import type { Rule } from '../rule.ts';
import { findSentInVain } from '../subject/sent-in-vain.ts';
import { runCommands } from '../subject/steps.ts';

const LEAST_BYTES = 1_000_000;
/** ELF, Mach-O in its forms, PE. */
const MAGIC = ['7f454c46', 'cffaedfe', 'cefaedfe', 'feedfacf', 'cafebabe', '4d5a'];

/** A program that was built beside the sources is not the one that the build makes, and changes with every local build. */
export const binariesInContext: Rule = {
  name: 'binaries-in-context',
  family: 'context',
  severity: 'info',
  level: 'default',
  summary: 'Programs that were built on this machine are copied with the sources',

  *check(subject) {
    // Only where the build makes its own: elsewhere the program may be what is shipped.
    const builds = [...runCommands(subject)].some(({ command }) =>
      /^(?:go|make|cargo|cmake|gcc|cc|g\+\+|zig)$/.test(command.name),
    );
    if (!builds) return;
    yield* findSentInVain(subject, {
      what: 'Programs built on this machine',
      isOne: (file) =>
        file.size >= LEAST_BYTES &&
        !/(?:^|\/)(?:\.git|testdata|vendor|node_modules)\//.test(file.path) &&
        isProgram(file),
      patterns: (files) => files.slice(0, 5).map(({ path }) => `/${path}`),
    });
  },
};

function isProgram(entry: FileEntry): boolean {
  if (entry.type !== 'file' || /\.(?:so|a|o|png|jpe?g|zip|gz|class|jar|wasm)$/i.test(entry.path)) return false;
  const fd = openEntry(entry);
  try {
    const bytes = Buffer.alloc(4);
    readSync(fd, bytes, 0, 4, 0);
    return MAGIC.some((magic) => bytes.toString('hex').startsWith(magic));
  } finally {
    closeSync(fd);
  }
}
