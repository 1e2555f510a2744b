import { type Check, failed, notApplicable, passed } from '../check.ts';
import { findProgram, startProgram } from '../start-program.ts';

export const architecture: Check = {
  name: 'architecture',
  title: 'starts a program for its own platform',
  level: 'error',
  hint: 'Build with GOARCH=$TARGETARCH, or without GOARCH in a stage of the target platform.',
  run(image) {
    const started = startProgram(image);
    const program = started?.interpreter === undefined ? started : findProgram(image, started.interpreter);
    if (!program?.file) return notApplicable('there is no program to look at');
    const { facts, file, word } = program;
    if (!facts)
      return file.node.content
        ? failed({ text: `${word} is no program of Linux`, path: file.path })
        : notApplicable(`${word} is no file`);
    const { architecture: wanted } = image.config;
    const actual = facts.elf.architecture ?? `machine ${facts.elf.machine}`;
    if (actual === wanted) return passed(`${word} and the image are for ${wanted}`, { path: file.path });
    return failed({ text: `${word} is for ${actual}, and the image for ${wanted}`, path: file.path });
  },
};
