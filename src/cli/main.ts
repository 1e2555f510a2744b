/** The command: argv → exit code. Bundled to dist/cli.cjs, which start.ts loads. */
import { runCommandLine } from './command-line.ts';

// Without an exit code of its own the process ends with 13: a promise that never settles is a failure.
void runCommandLine(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
