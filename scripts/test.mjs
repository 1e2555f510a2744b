// Runs a kind of test: `node scripts/test.mjs unit|integration [path prefix …]`. All test files become
// one esbuild bundle each run, which starts faster than any loader.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const [kind = 'unit', ...prefixes] = process.argv.slice(2);
const folder = { unit: 'src', integration: 'test/integration' }[kind];
if (!folder) throw new Error(`unknown kind of test "${kind}"; one of: unit, integration`);

const files = readdirSync(join(root, folder), { recursive: true })
  .map((name) => join(folder, name))
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix)))
  .sort();
// Scripts run as they are, without a bundle.
const scripts = readdirSync(join(root, 'scripts'), { recursive: true })
  .map((name) => join('scripts', name))
  .filter((name) => kind === 'unit' && name.endsWith('.test.mjs'))
  .filter((name) => prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix)))
  .sort();
if (files.length + scripts.length === 0) throw new Error(`no ${kind} test matches ${prefixes.join(' ')}`);

mkdirSync(join(root, '.tmp'), { recursive: true });
const outdir = mkdtempSync(join(root, '.tmp', `${kind}-`));
try {
  await build({
    absWorkingDir: root,
    entryPoints: files,
    outdir,
    outbase: '.',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.18',
    sourcemap: 'inline',
    external: ['koffi', 'fast-check', 'esbuild'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
  });
  const bundles = files.map((name) => join(outdir, name.replace(/\.ts$/, '.mjs')));
  const { status } = spawnSync(
    process.execPath,
    [
      '--enable-source-maps',
      '--test',
      '--test-reporter=spec',
      ...(kind === 'integration' ? ['--test-concurrency=1'] : []),
      ...bundles,
      ...scripts,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, SLIPWAY_CHECKOUT: root } },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
