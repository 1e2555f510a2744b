/** The process's entry, dist/start.cjs: loads the bundled command beside it; bin/slipway.js answers --version by itself. */
import { startBundle } from './start-bundle.ts';

// Each command compiles other functions, and what is kept is read whole.
const [command = ''] = process.argv.slice(2);
startBundle('cli', `slipway-${/^[a-z]{1,16}$/.test(command) ? command : 'other'}`);
