/** The process's entry, dist/start.cjs: loads the bundled command beside it; bin/slipway.js answers --version by itself. */
import { setFlagsFromString } from 'node:v8';
import { startBundle } from './start-bundle.ts';

/** How much of a function of lint runs before it is compiled once more, for speed. Some seven times the default. */
const INTERRUPT_BUDGET = 1_000_000;

const [command = ''] = process.argv.slice(2);
const isLint = command === 'lint';
// Rules are many and each runs for a moment: most of what V8 would compile for speed is done before that pays. Said before
// anything is loaded, since V8 takes no code that was kept under other flags.
if (isLint) setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
// Each command compiles other functions, and what is kept is read whole.
const name = `slipway-${/^[a-z]{1,16}$/.test(command) ? command : 'other'}`;
// Where lint finds something it exits with 1.
startBundle('cli', { name, complete: isLint ? [0, 1] : [0] });
