/** The entry of a worker thread of `slipway lint`, dist/start-lint-worker.cjs: loads the bundled linter beside it. */
import { startBundle } from './start-bundle.ts';

startBundle('lint-worker', { name: 'lint-worker', complete: [0] });
