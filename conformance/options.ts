import { parseArgs } from 'node:util';
import { DRIVERS } from './drivers/drivers.ts';

export const USAGE = `Usage: npm run conformance -- [OPTIONS]

  --group NAME        only the cases of this group; may be repeated
  --case TEXT         only cases whose name contains this; may be repeated
  --driver NAME       ${Object.keys(DRIVERS).join(', ')}; may be repeated (slipway)
  --slipway PATH      the slipway that is asked (bin/slipway.js)
  --isolation NAME    how its RUN steps run
  --user NAME         the ordinary user that it runs as
  --jobs N            builds at once
  --record            ask BuildKit anew and write down what it does
  --missing           with --record: only cases without an expectation
  --verbose           show the output of every build
  --registry ADDRESS  where the base images are (127.0.0.1:5000)
  --peer PATH         the program that runs other builders (../shared/lab/peer)
  --labs REFERENCE    BuildKit's labs frontend (127.0.0.1:5000/docker/dockerfile:labs)
  --work FOLDER       where cases are laid out (/tmp/slipway-conformance)

npm run conformance -- --group copy --case wildcard
npm run conformance -- --user slip --jobs 2
`;

/** The runner was asked for something that it does not know. One sentence. */
export class UsageError extends Error {}

/** What the runner was asked for. @throws UsageError */
export function parseOptions(argv: readonly string[]): Options {
  const values = parse(argv);
  const jobs = values.jobs === undefined ? undefined : Number(values.jobs);
  if (jobs !== undefined && !(Number.isInteger(jobs) && jobs > 0))
    throw new UsageError(`--jobs takes a number of builds from 1 on, not "${values.jobs}".`);
  for (const name of values.driver) assertKnown('--driver', name, Object.keys(DRIVERS));
  return { ...values, jobs };
}

/** @throws UsageError when `name` is not one of `known` */
export function assertKnown(flag: string, name: string, known: readonly string[]): void {
  if (!known.includes(name))
    throw new UsageError(`${flag} does not know "${name}"; it is one of: ${known.join(', ')}.`);
}

export type Options = Omit<ReturnType<typeof parse>, 'jobs'> & { readonly jobs: number | undefined };

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        record: { type: 'boolean', default: false },
        missing: { type: 'boolean', default: false },
        driver: { type: 'string', multiple: true, default: ['slipway'] },
        group: { type: 'string', multiple: true },
        case: { type: 'string', multiple: true },
        isolation: { type: 'string' },
        user: { type: 'string' },
        jobs: { type: 'string' },
        verbose: { type: 'boolean', default: false },
        peer: { type: 'string', default: '../shared/lab/peer' },
        registry: { type: 'string', default: '127.0.0.1:5000' },
        labs: { type: 'string', default: '127.0.0.1:5000/docker/dockerfile:labs' },
        slipway: { type: 'string', default: 'bin/slipway.js' },
        work: { type: 'string', default: '/tmp/slipway-conformance' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')))
      throw error;
    // The first sentence; the ones behind it are about arguments that begin with a dash.
    throw new UsageError(`${error.message.split(/\.\s/, 1)[0]?.replace(/\.$/, '')}.`);
  }
}
