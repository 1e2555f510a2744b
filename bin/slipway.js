#!/bin/sh
true /* ; exec node -- "$0" "$@" # */;

// For sh the line above is a command, for Node.js a comment: without "--" node takes the --env-file of `slipway run` for its own.
// CommonJS, by the package.json beside it: what asks only for the version then need not wait for the loader of modules.
const [option, ...more] = process.argv.slice(2);
if (more.length === 0 && (option === '--version' || option === '-v')) {
  process.stdout.write(`slipway version ${require('../package.json').version}\n`);
} else {
  // What Node.js makes of a module that never settles; the command says its own code when it ends.
  process.exitCode = 13;
  require('../dist/start.cjs');
}
