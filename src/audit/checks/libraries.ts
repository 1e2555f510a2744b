import { type Check, failed, notApplicable, passed } from '../check.ts';
import { missingLibraries } from '../missing-libraries.ts';
import { findProgram, startProgram } from '../start-program.ts';

export const libraries: Check = {
  name: 'libraries',
  title: 'has the libraries that its program loads',
  level: 'error',
  hint: 'Build with CGO_ENABLED=0, or use a base with the same C library as the stage that builds.',
  run(image) {
    const started = startProgram(image);
    const program = started?.interpreter === undefined ? started : findProgram(image, started.interpreter);
    if (!program?.file || !program.facts) return notApplicable('there is no program to look at');
    const { file, facts, word } = program;
    const { interpreter, needed } = facts.elf;
    if (interpreter === undefined && needed.length === 0) return passed(`${word} is static`, { path: file.path });
    const missing = missingLibraries(image, { path: file.path, elf: facts.elf });
    if (missing.length === 0) return passed(`${word} finds all its libraries`, { path: file.path });
    return failed(...missing.map(({ name, neededBy }) => ({ text: `${name} is missing`, path: neededBy })));
  },
};
