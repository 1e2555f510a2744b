// Lints every Dockerfile of a folder with the built library, and mends it: `node scripts/lint-corpus.mjs FOLDER [--rule NAME]`.
// A file fails when linting throws, when the mended text does not parse, or when mending it again changes it. Prints how often
// each rule spoke, and how long linting alone took; with --rule, that rule's findings.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fixDockerfile, lint, parseDockerfile } from '../dist/index.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rule: { type: 'string' }, 'no-fix': { type: 'boolean', default: false } },
});
const [folder] = positionals;
if (folder === undefined) {
  console.error('usage: node scripts/lint-corpus.mjs FOLDER [--rule NAME] [--no-fix]');
  process.exit(2);
}

const settings = {
  strict: true,
  severities: {},
  policy: { pin: 'tag', registries: [], requiredLabels: [] },
};
const counts = new Map();
const failures = [];
let lintMs = 0;
let fixed = 0;
const files = filesBelow(resolve(folder));
for (const path of files) {
  const file = relative(folder, path);
  const source = readFileSync(path, 'utf8');
  try {
    const start = performance.now();
    const { findings } = await lint({ file, source, settings });
    lintMs += performance.now() - start;
    for (const finding of findings) count(finding, source);
    if (!values['no-fix'] && isDockerfile(source)) await checkFixes(file, source);
  } catch (error) {
    failures.push(`${file}: ${error.stack}`);
  }
}

for (const [code, number] of [...counts].sort((a, b) => b[1] - a[1]))
  console.log(`${String(number).padStart(6)}  ${code}`);
for (const failure of failures) console.log(failure);
console.log(
  `${files.length} files, ${fixed} mended, ${failures.length} failures; linting took ${Math.round(lintMs)} ms`,
);
process.exitCode = failures.length > 0 || files.length === 0 ? 1 : 0;

function count({ code, message, range }, source) {
  counts.set(code, (counts.get(code) ?? 0) + 1);
  if (code !== values.rule) return;
  const lines = source.split('\n').slice(range.start.line - 1, Math.min(range.end.line, range.start.line + 3));
  console.log(`${range.file}:${range.start.line}: ${message}\n    ${lines.join('\n    ')}`);
}

async function checkFixes(file, source) {
  const once = await fixDockerfile({ file, source, settings }, 'all');
  if (once.applied.length > 0) fixed++;
  if (!isDockerfile(once.source)) failures.push(`${file}: mended, it does not parse`);
  const twice = await fixDockerfile({ file, source: once.source, settings }, 'all');
  if (twice.source !== once.source) failures.push(`${file}: mended again, it changes: ${twice.applied[0]?.code}`);
}

function isDockerfile(source) {
  try {
    return parseDockerfile(source) !== undefined;
  } catch (error) {
    if (error.code === undefined) throw error;
    return false;
  }
}

function filesBelow(root) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tsv'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
