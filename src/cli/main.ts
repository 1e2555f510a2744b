/**
 * The command's entry: argv → command → exit code; bin/slipway.js answers --version by itself. Everything but this
 * file is loaded when it is needed, because start-up is what a cached build mostly consists of.
 */
import { enableCompileCache } from './compile-cache.ts';

enableCompileCache(process.env);
const { runCommandLine } = await import('./command-line.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
