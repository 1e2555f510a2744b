/**
 * Asks builders to build every case and compares what they make with what BuildKit made when the expectations were
 * recorded. Knows nothing of Slipway's code: builders are programs.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type BuildCaseOptions, buildCase, namesImage } from './build-case.ts';
import type { ConformanceCase } from './case/conformance-case.ts';
import { loadCases } from './case/load-cases.ts';
import type { Driver } from './drivers/driver.ts';
import { DRIVERS } from './drivers/drivers.ts';
import { type Expectations, readExpectations, writeExpectations } from './expectations.ts';
import { fetchBaseImage } from './image/base-image.ts';
import { openOffers } from './offers/offers.ts';
import { assertKnown, type Options, parseOptions, USAGE, UsageError } from './options.ts';
import { compareOutcomes } from './outcome/compare-outcomes.ts';
import type { Outcome } from './outcome/outcome.ts';
import { type CaseResult, reportTable } from './report/report-table.ts';
import { runAll } from './run-all.ts';

const BASES = ['busybox', 'debian:bookworm-slim', 'golang:1.26'];

const root = process.env.SLIPWAY_CHECKOUT ?? process.cwd();
const expectedDir = join(root, 'conformance/expected');

async function main(options: Options): Promise<number> {
  const all = loadCases(join(root, 'conformance/cases'));
  const cases = chosenCases(all, options);
  const workDir = join(options.work, `run-${process.pid}`);
  mkdirSync(workDir, { recursive: true });
  const offers = await openOffers(workDir);
  try {
    const named = BASES.filter((name) => cases.some((testCase) => namesImage(testCase, name)));
    const bases = await Promise.all(named.map((name) => fetchBaseImage(name, options.registry)));
    const context = { bases, offers, workDir, user: options.user, options };
    return options.record ? await record(cases, all, context) : await compare(cases, context);
  } finally {
    offers.close();
  }
}

/** @throws UsageError for a group that does not exist, and when no case is left */
function chosenCases(all: readonly ConformanceCase[], options: Options): readonly ConformanceCase[] {
  const groups = [...new Set(all.map(({ group }) => group))];
  for (const name of options.group ?? []) assertKnown('--group', name, groups);
  const chosen = all.filter(
    ({ group, name }) =>
      (options.group === undefined || options.group.includes(group)) &&
      (options.case === undefined || options.case.some((wanted) => name.includes(wanted))),
  );
  if (chosen.length === 0) throw new UsageError(`No case is named like "${options.case?.join('", "')}".`);
  return chosen;
}

interface RunContext extends Omit<BuildCaseOptions, 'driver'> {
  readonly options: Options;
}

function openDriver(name: string, { options, workDir }: RunContext): Driver {
  const create = DRIVERS[name];
  if (!create) throw new Error(`there is no driver "${name}"`);
  const { peer, labs, slipway, isolation, user } = options;
  return create({
    ...{ labs, isolation, user, workDir },
    peer: resolve(root, peer),
    slipway: resolve(root, slipway),
    cores: availableParallelism(),
  });
}

async function buildAll(
  cases: readonly ConformanceCase[],
  driver: Driver,
  context: RunContext,
  done: (testCase: ConformanceCase, outcome: Outcome, output: string) => void,
): Promise<void> {
  // Another builder's own outputs and texts say nothing about images.
  const asked = cases.filter(({ output, shows }) => driver.hasHistory || (output === 'oci' && shows.length === 0));
  await runAll(asked, context.options.jobs ?? driver.parallelism, async (testCase) => {
    const { outcome, output } = await buildCase(testCase, { ...context, driver });
    done(testCase, outcome, output);
  });
}

/** Groups are written when they are whole, so that an interrupted recording keeps what it has. */
async function record(
  cases: readonly ConformanceCase[],
  all: readonly ConformanceCase[],
  context: RunContext,
): Promise<number> {
  const driver = openDriver('docker', context);
  const recordedWith = `${await driver.version()}, ${new Date().toISOString().slice(0, 10)}`;
  for (const group of new Set(cases.map((testCase) => testCase.group))) {
    const known = readExpectations(expectedDir, group)?.cases ?? {};
    const wanted = cases.filter(
      (testCase) => testCase.group === group && !(context.options.missing && known[testCase.name]),
    );
    const outcomes = new Map(Object.entries(known));
    await buildAll(wanted, driver, context, ({ name }, outcome) => {
      outcomes.set(name, outcome);
      console.log(`${group}: ${name}: ${outcome.built ? 'builds' : `fails: ${outcome.message}`}`);
    });
    const names = all.filter((testCase) => testCase.group === group).map(({ name }) => name);
    const kept = names.flatMap((name) => [[name, outcomes.get(name)] as const]).filter(([, outcome]) => outcome);
    const expectations = { recordedWith, cases: Object.fromEntries(kept) } as Expectations;
    if (wanted.length > 0) writeExpectations(expectedDir, group, expectations);
  }
  return 0;
}

async function compare(cases: readonly ConformanceCase[], context: RunContext): Promise<number> {
  const results = new Map<string, CaseResult[]>();
  const known = new Map(cases.map(({ group }) => [group, undefined] as [string, Expectations | undefined]));
  for (const group of known.keys()) known.set(group, readExpectations(expectedDir, group));
  const versions: string[] = [];
  for (const name of context.options.driver) {
    const driver = openDriver(name, context);
    versions.push(await driver.version());
    const own: CaseResult[] = [];
    results.set(name, own);
    await buildAll(cases, driver, context, (testCase, outcome, output) => {
      const result = judge(testCase, outcome, { ...context, driver, known });
      own.push(result);
      if (result.verdict === 'different' || context.options.verbose) printResult(driver, result);
      if (context.options.verbose) console.log(output.replace(/^/gm, '    | '));
    });
  }
  console.log(`\n${versions.join('; ')}\n\n${reportTable(results)}`);
  writeFileSync(join(context.workDir, 'results.json'), JSON.stringify(Object.fromEntries(results), undefined, 1));
  const failed = (results.get('slipway') ?? []).filter(
    ({ verdict }) => verdict !== 'same' && verdict !== 'differs on purpose',
  );
  return failed.length > 0 ? 1 : 0;
}

interface JudgeOptions {
  readonly driver: Driver;
  readonly known: ReadonlyMap<string, Expectations | undefined>;
  readonly user: string | undefined;
}

function judge(testCase: ConformanceCase, outcome: Outcome, { driver, known, user }: JudgeOptions): CaseResult {
  const { group, name } = testCase;
  const differs = testCase.differs ?? (user === undefined ? undefined : testCase.unprivileged);
  const expected = known.get(group)?.cases[name];
  if (!expected) return { group, name, verdict: 'not recorded', differences: [] };
  const differences = compareOutcomes(expected, outcome, driver);
  const verdict =
    differences.length === 0 ? 'same' : differs && driver.name === 'slipway' ? 'differs on purpose' : 'different';
  return { group, name, verdict, differences };
}

function printResult({ name: builder }: Driver, { group, name, verdict, differences }: CaseResult): void {
  console.log(
    `${verdict === 'different' ? '✗' : '·'} ${builder} ${group}: ${name}${verdict === 'same' ? '' : ` (${verdict})`}`,
  );
  for (const line of differences) console.log(`    ${line}`);
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else process.exitCode = await main(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
