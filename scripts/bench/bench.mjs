/**
 * `npm run bench`: the same work through Slipway, docker (BuildKit) and buildah, in turns on one machine; medians, ranges
 * and ratios. It knows the product only as its users do, but for the growth curves' stores. What surprises: it
 * leaves docker's build cache behind, since docker has no way to remove only what one project put there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBuilders } from './builders.mjs';
import { cases } from './cases.mjs';
import { growthCurves } from './growth.mjs';
import { describeMachine } from './machine.mjs';
import { measureCase } from './measure.mjs';
import { readOptions, USAGE } from './options.mjs';
import { startRegistry } from './registry-process.mjs';
import { showCase, showGrowth, showHeader, showTable } from './report.mjs';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const options = readOptions(process.argv.slice(2), { checkout, env: process.env });
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}

// Below /tmp: peers may run in a root filesystem of their own that shares no other folder.
const dir = mkdtempSync('/tmp/slipway-bench-');
const registry = await startRegistry(join(dir, 'registry'));
const log = options.json ? (line) => console.error(line) : (line) => console.log(line);
let builders = [];
const cleanUp = () => {
  for (const builder of builders) builder.cleanUp();
  rmSync(dir, { recursive: true, force: true });
};
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(signal, () => {
    cleanUp();
    process.exit(exitCode);
  });
}
try {
  const found = findBuilders({ checkout, dir, options });
  builders = found.builders;
  const machine = describeMachine(builders, found.missing);
  showHeader(log, machine);
  const results = [];
  const chosen = cases({ dir, builders, registry: registry.address, options }).filter((each) =>
    options.only.test(each.name),
  );
  for (const each of chosen) {
    const result = await measureCase(each, { runs: options.runs, log });
    showCase(log, result);
    results.push(result);
  }
  const growth = await growthCurves({ dir: join(dir, 'growth'), checkout, options, log });
  const finished = { ...machine, loadAfter: describeMachine([], []).load };
  if (options.json) console.log(JSON.stringify({ machine: finished, results, growth }, undefined, 2));
  else {
    showTable(log, results);
    showGrowth(log, growth);
    log(`\nload of the machine: ${machine.load} before, ${finished.loadAfter} after`);
  }
} finally {
  await registry.close();
  cleanUp();
}
