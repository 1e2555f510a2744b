/**
 * Makes `node bin/slipway.js` of a checkout work: its dependencies and its bundle, where they are missing or old.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.mjs';
import { note } from './report.mjs';

/** @param {string} root of the checkout */
export async function prepareCheckout(root) {
  const hint = "npm's message above says why; is the npm registry reachable (npm ping)?";
  if (modifiedAt(join(root, 'node_modules/.package-lock.json')) < modifiedAt(join(root, 'package-lock.json'))) {
    note("installing Slipway's own dependencies: npm ci");
    // With NODE_ENV=production npm would leave out what the build needs.
    await runCommand('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      hint,
    });
  } else {
    note('dependencies are installed');
  }
  if (modifiedAt(join(root, 'dist/cli.cjs')) < newestFile(join(root, 'src'))) {
    note('building Slipway: npm run build');
    await runCommand('npm', ['run', '--silent', 'build'], {
      cwd: root,
      hint: 'the message above says where; a fresh clone builds, so git status may show why this one does not',
    });
  } else {
    note('Slipway is built');
  }
}

/** @returns {number} milliseconds; 0 for what does not exist */
function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestFile(folder) {
  const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
  return Math.max(...paths.map(modifiedAt));
}
