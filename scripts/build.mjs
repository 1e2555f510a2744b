// Bundles the command and the library into dist/, and writes the types. Start-up is watched.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
// Built aside and moved into place, so that a failed build leaves the old command working.
const outdir = `${root}dist.new`;
rmSync(outdir, { recursive: true, force: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.18',
  minifySyntax: true,
  minifyWhitespace: true,
  // Names stay, so that a bug's stack can be read.
  keepNames: false,
  external: ['koffi'],
  logLevel: 'warning',
};
const define = { SLIPWAY_VERSION: JSON.stringify(manifest.version) };

await build({
  ...common,
  entryPoints: { index: 'src/index.ts', dockerfile: 'src/dockerfile/dockerfile.ts' },
  outdir,
  splitting: true,
  format: 'esm',
  define,
  banner: {
    // Some dependencies are CommonJS and ask for `require`.
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});

// The command is one file, since each module costs Node.js a look for it, and CommonJS, which spares the loader of ES modules.
// What is large and rarely needed lies beside it. Worker threads have a smaller one of their own.
const parts = {
  undici: 'undici',
  yaml: 'yaml',
  'vscode-languageserver/node.js': 'language-server',
  'vscode-languageserver-textdocument': 'text-document',
};
const partFiles = Object.values(parts).map((part) => `parts/${part}`);
for (const [name, part] of Object.entries(parts)) {
  const contents = `module.exports = require('${name}');`;
  await build({
    ...common,
    format: 'cjs',
    stdin: { contents, resolveDir: root },
    outfile: `${outdir}/parts/${part}.cjs`,
  });
}
const apart = {
  name: 'parts',
  setup({ onResolve }) {
    const filter = new RegExp(`^(?:${Object.keys(parts).join('|')})$`);
    onResolve({ filter }, ({ path }) => ({ path: `./parts/${parts[path]}.cjs`, external: true }));
  },
};
await build({
  ...common,
  format: 'cjs',
  entryPoints: { cli: 'src/cli/main.ts', 'lint-worker': 'src/lint/threads/lint-worker.ts' },
  outdir,
  outExtension: { '.js': '.cjs' },
  plugins: [apart],
  // Parts are required, so that what V8 compiled of them can be kept too.
  supported: { 'dynamic-import': false },
  define: { ...define, 'import.meta.url': '__moduleUrl' },
  banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
});
await build({
  ...common,
  format: 'cjs',
  entryPoints: { start: 'src/cli/start.ts', 'start-lint-worker': 'src/cli/start-lint-worker.ts' },
  outdir,
  outExtension: { '.js': '.cjs' },
  define: { SLIPWAY_BUILD: JSON.stringify(contentId(['cli', 'lint-worker', ...partFiles])) },
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
execFileSync(process.execPath, [`${outdir}/start.cjs`, '__man', `${outdir}/man`], { cwd: root, stdio: 'inherit' });

/** By which compiled code is known to be of these files. */
function contentId(names) {
  const hash = createHash('sha256');
  for (const name of names) hash.update(readFileSync(`${outdir}/${name}.cjs`));
  return hash.digest('hex').slice(0, 16);
}

rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(outdir, `${root}dist`);
