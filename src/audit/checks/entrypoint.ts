import { type Check, failed, notApplicable, passed } from '../check.ts';
import { findProgram, isExecutableFile, startProgram } from '../start-program.ts';

export const entrypoint: Check = {
  name: 'entrypoint',
  title: 'has the program that it starts',
  level: 'error',
  hint: 'Compare ENTRYPOINT and CMD with where COPY puts the program, and with its mode.',
  run(image) {
    const program = startProgram(image);
    if (!program) return notApplicable('it starts nothing by itself');
    const { word, file, interpreter } = program;
    if (!file) return failed(`${word} is not in the image`);
    if (file.node.children) return failed({ text: `${word} is a directory`, path: file.path });
    if (!isExecutableFile(file)) return failed({ text: `${word} is not executable`, path: file.path });
    if (interpreter === undefined) return passed(`${word} is there`, { path: file.path });
    const run = findProgram(image, interpreter).file;
    if (run && isExecutableFile(run)) return passed(`${word} is a script of ${interpreter}`, { path: file.path });
    return failed({ text: `${word} is a script of ${interpreter}, which is not in the image`, path: file.path });
  },
};
