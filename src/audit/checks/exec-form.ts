import { type Check, failed, notApplicable, passed } from '../check.ts';
import { shellFormText, startArgv } from '../start-program.ts';

export const execForm: Check = {
  name: 'exec-form',
  title: 'starts its program without a shell between',
  level: 'warning',
  hint: 'Write ENTRYPOINT ["/app"]: a shell as process 1 keeps signals from the program, so that it is killed instead of stopped.',
  run(image) {
    const argv = startArgv(image);
    if (argv.length === 0) return notApplicable('it starts nothing by itself');
    const text = shellFormText(argv);
    if (text === undefined) return passed(`${argv[0]} is process 1`);
    // The shell makes way for the program.
    if (/^\s*exec\s/.test(text)) return passed('the shell is replaced by exec');
    return failed(`${argv[0]} is process 1 and runs the command as its child`);
  },
};
