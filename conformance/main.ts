/**
 * Asks builders to build every case and compares what they make with what BuildKit made when the expectations were
 * recorded. Knows nothing of Slipway's code: builders are programs.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type BuildCaseOptions, buildCase, namesImage } from './build-case.ts';
import type { ConformanceCase } from './case/conformance-case.ts';
import { loadCases } from './case/load-cases.ts';
import type { Driver, DriverOptions } from './drivers/driver.ts';
import { DRIVERS } from './drivers/drivers.ts';
import { type Expectations, readExpectations, writeExpectations } from './expectations.ts';
import { fetchBaseImage } from './image/base-image.ts';
import { openOffers } from './offers/offers.ts';
import { compareOutcomes } from './outcome/compare-outcomes.ts';
import type { Outcome } from './outcome/outcome.ts';
import { type CaseResult, reportTable } from './report/report-table.ts';
import { runAll } from './run-all.ts';

const BASES = ['busybox', 'debian:bookworm-slim', 'golang:1.26'];

const { values } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    /** Record only cases that have no expectation yet. */
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
  },
});

const root = process.env.SLIPWAY_CHECKOUT ?? process.cwd();
const expectedDir = join(root, 'conformance/expected');

async function main(): Promise<number> {
  const all = loadCases(join(root, 'conformance/cases'));
  const cases = all.filter(
    ({ group, name }) =>
      (values.group === undefined || values.group.includes(group)) &&
      (values.case === undefined || values.case.some((wanted) => name.includes(wanted))),
  );
  const workDir = join(values.work, `run-${process.pid}`);
  mkdirSync(workDir, { recursive: true });
  const offers = await openOffers(workDir);
  try {
    const named = BASES.filter((name) => cases.some((testCase) => namesImage(testCase, name)));
    const bases = await Promise.all(named.map((name) => fetchBaseImage(name, values.registry)));
    const context = { bases, offers, workDir, user: values.user };
    return values.record ? await record(cases, all, context) : await compare(cases, context);
  } finally {
    offers.close();
  }
}

type RunContext = Omit<BuildCaseOptions, 'driver'>;

function openDriver(name: string, workDir: string): Driver {
  const create = DRIVERS[name];
  if (!create) throw new Error(`the driver "${name}" is not known; one of: ${Object.keys(DRIVERS).join(', ')}`);
  const options: DriverOptions = {
    peer: resolve(root, values.peer),
    labs: values.labs,
    slipway: resolve(root, values.slipway),
    isolation: values.isolation,
    user: values.user,
    workDir,
    cores: availableParallelism(),
  };
  return create(options);
}

async function buildAll(
  cases: readonly ConformanceCase[],
  driver: Driver,
  context: RunContext,
  done: (testCase: ConformanceCase, outcome: Outcome, output: string) => void,
): Promise<void> {
  // Another builder's own outputs and texts say nothing about images.
  const asked = cases.filter(({ output, shows }) => driver.hasHistory || (output === 'oci' && shows.length === 0));
  await runAll(asked, values.jobs ? Number(values.jobs) : driver.parallelism, async (testCase) => {
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
  const driver = openDriver('docker', context.workDir);
  const recordedWith = `${await driver.version()}, ${new Date().toISOString().slice(0, 10)}`;
  for (const group of new Set(cases.map((testCase) => testCase.group))) {
    const known = readExpectations(expectedDir, group)?.cases ?? {};
    const wanted = cases.filter((testCase) => testCase.group === group && !(values.missing && known[testCase.name]));
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
  for (const name of values.driver) {
    const driver = openDriver(name, context.workDir);
    versions.push(await driver.version());
    const own: CaseResult[] = [];
    results.set(name, own);
    await buildAll(cases, driver, context, (testCase, outcome, output) => {
      const result = judge(testCase, outcome, driver, known);
      own.push(result);
      if (result.verdict === 'different' || values.verbose) printResult(driver, result, output);
    });
  }
  console.log(`\n${versions.join('; ')}\n\n${reportTable(results)}`);
  writeFileSync(join(context.workDir, 'results.json'), JSON.stringify(Object.fromEntries(results), undefined, 1));
  const failed = (results.get('slipway') ?? []).filter(
    ({ verdict }) => verdict !== 'same' && verdict !== 'differs on purpose',
  );
  return failed.length > 0 ? 1 : 0;
}

type ExpectationsOf = ReadonlyMap<string, Expectations | undefined>;

function judge(testCase: ConformanceCase, outcome: Outcome, driver: Driver, known: ExpectationsOf): CaseResult {
  const { group, name } = testCase;
  const differs = testCase.differs ?? (values.user === undefined ? undefined : testCase.unprivileged);
  const expected = known.get(group)?.cases[name];
  if (!expected) return { group, name, verdict: 'not recorded', differences: [] };
  const differences = compareOutcomes(expected, outcome, driver);
  const verdict =
    differences.length === 0 ? 'same' : differs && driver.name === 'slipway' ? 'differs on purpose' : 'different';
  return { group, name, verdict, differences };
}

function printResult(
  { name: builder }: Driver,
  { group, name, verdict, differences }: CaseResult,
  output: string,
): void {
  console.log(
    `${verdict === 'different' ? '✗' : '·'} ${builder} ${group}: ${name}${verdict === 'same' ? '' : ` (${verdict})`}`,
  );
  for (const line of differences) console.log(`    ${line}`);
  if (values.verbose) console.log(output.replace(/^/gm, '    | '));
}

process.exitCode = await main();
