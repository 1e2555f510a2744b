/**
 * The command's entry: argv → command → exit code. Everything but this file is loaded when it is needed, because
 * start-up is what a cached build mostly consists of.
 */
const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v')) {
  const { versionLine } = await import('./version.ts');
  process.stdout.write(`${versionLine()}\n`);
} else {
  const { enableCompileCache } = await import('./compile-cache.ts');
  enableCompileCache(process.env);
  const { runCommandLine } = await import('./command-line.ts');
  process.exitCode = await runCommandLine(argv);
}
