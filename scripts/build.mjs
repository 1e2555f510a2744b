// Bundles the command and the library into dist/, and writes the types. Start-up is watched:
// splitting keeps what one subcommand needs out of the others' way.
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
// Built aside and moved into place, so that a failed build leaves the old command working.
const outdir = `${root}dist.new`;
rmSync(outdir, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts', dockerfile: 'src/dockerfile/dockerfile.ts' },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  minifySyntax: true,
  minifyWhitespace: true,
  // Names stay, so that a bug's stack can be read.
  keepNames: false,
  external: ['koffi'],
  define: { SLIPWAY_VERSION: JSON.stringify(manifest.version) },
  // Some dependencies are CommonJS and ask for `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

if (!process.argv.includes('--no-types')) {
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  execFileSync(
    process.execPath,
    [tsc, '-p', 'tsconfig.build.json', '--declaration', '--emitDeclarationOnly', '--outDir', `${outdir}/types`],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
}

// The pages come from what the commands declare, so the command itself writes them.
execFileSync(process.execPath, [`${outdir}/cli.js`, '__man', `${outdir}/man`], { cwd: root, stdio: 'inherit' });

rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(outdir, `${root}dist`);
