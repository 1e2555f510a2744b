import { type Check, failed, notApplicable, passed } from '../check.ts';
import { formatBytes } from '../format-bytes.ts';
import { startProgram } from '../start-program.ts';

const SYMBOLS = /^\.(?:symtab|strtab|z?debug_\w+)$/;
/** A few names that a linker leaves are not worth a word. */
const SMALLEST = 64 * 1024;

export const stripped: Check = {
  name: 'stripped',
  title: 'has no symbols and debug information in its program',
  level: 'info',
  hint: 'go build -ldflags="-s -w": stack traces and profiles stay as good as before.',
  run(image) {
    const program = startProgram(image);
    if (!program?.file || !program.facts) return notApplicable('there is no program to look at');
    const sections = program.facts.elf.sections.filter(({ name }) => SYMBOLS.test(name));
    const size = sections.reduce((sum, section) => sum + section.size, 0);
    const { path } = program.file;
    if (size < SMALLEST) return passed('neither symbols nor debug information', { path });
    return failed({ text: `${formatBytes(size)} of symbols and debug information`, path });
  },
};
