import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- [OPTIONS]

  --only REGEX      cases whose name matches (growth curves are named growth-…)
  --runs N          timed runs of each case and builder (default 5; slow cases take fewer)
  --json            results as JSON on stdout, progress on stderr
  --builders LIST   of slipway,docker,buildah (default: all that are there)
  --peer COMMAND    runs docker and buildah (default: ../shared/lab/peer where it exists, else they are taken from PATH)
  --node FILE       the Node.js that runs Slipway (default: this one)
  --bases PREFIX    where busybox and golang:1.26 come from (default 127.0.0.1:5000/library)`;

/**
 * @param {readonly string[]} argv
 * @param {{ checkout: string, env: NodeJS.ProcessEnv }} environment
 */
export function readOptions(argv, { checkout, env }) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', default: '.' },
      runs: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      builders: { type: 'string', default: 'slipway,docker,buildah' },
      peer: { type: 'string' },
      node: { type: 'string', default: process.execPath },
      bases: { type: 'string', default: '127.0.0.1:5000/library' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const besides = join(checkout, '../shared/lab/peer');
  const peer = values.peer ?? env.SLIPWAY_BENCH_PEER ?? (existsSync(besides) ? besides : undefined);
  return {
    ...values,
    only: new RegExp(values.only),
    runs: Number(values.runs),
    builders: values.builders.split(','),
    peer: peer === undefined ? [] : [peer],
  };
}
