// Parses every file of a folder with the built library: `node scripts/corpus.mjs FOLDER`. A file passes when it parses and
// prints to a text that parses to the same tree, or when it is refused with a code and a place. Anything else is a failure.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseDockerfile, printDockerfile } from '../dist/dockerfile.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node scripts/corpus.mjs FOLDER');
  process.exit(2);
}

const counts = { parsed: 0, refused: 0, failed: 0 };
for (const path of filesBelow(resolve(folder))) {
  const { outcome, message } = check(readFileSync(path, 'utf8'));
  counts[outcome]++;
  if (message) console.log(`${outcome.padEnd(7)}  ${relative(folder, path)}: ${message}`);
}
console.log(
  Object.entries(counts)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', '),
);
process.exitCode = counts.failed > 0 || counts.parsed === 0 ? 1 : 0;

function filesBelow(root) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tsv'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function check(source) {
  let dockerfile;
  try {
    dockerfile = parseDockerfile(source);
  } catch (error) {
    if (error.code === undefined || error.range === undefined) return { outcome: 'failed', message: error.stack };
    const { code, range, message } = error;
    return { outcome: 'refused', message: `${range.start.line}:${range.start.column} ${code} ${message}` };
  }
  try {
    const again = parseDockerfile(printDockerfile(dockerfile));
    if (treeOf(again) === treeOf(dockerfile)) return { outcome: 'parsed' };
    return { outcome: 'failed', message: 'printed, it parses to another tree' };
  } catch (error) {
    return { outcome: 'failed', message: `printed, it does not parse: ${error.stack}` };
  }
}

function treeOf({ directives, escape: escapeToken, instructions }) {
  return JSON.stringify([directives, escapeToken, instructions], (key, value) =>
    key === 'range' || key === 'keywordRange' ? undefined : value,
  );
}
