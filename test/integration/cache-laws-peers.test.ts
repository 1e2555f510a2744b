/**
 * The laws of the cache, asked of BuildKit as well: after each random edit of a random project both builders build it, and the steps
 * that ran are those that the laws name. SLIPWAY_RUNS is the number of projects, SLIPWAY_SEED makes others of them.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { dockerfileOf, EDITS, outputsOf, type Project, tree, writeProject } from './cache-edits.ts';
import { modelOf } from './cache-model.ts';
import { NO_PEERS, peerProgress } from './registry.ts';
import { createRig, type Rig } from './rig.ts';

const BASE = '127.0.0.1:5000/library/busybox:latest';
const SKIP = NO_PEERS || (await whyNoBase());

const RUNS = Number(process.env['SLIPWAY_RUNS'] ?? 2);
const SEED = Number(process.env['SLIPWAY_SEED'] ?? 1);

for (let index = 0; index < RUNS; index++) {
  const seed = SEED + index;
  test(`the steps that the laws name run in both builders (seed ${seed})`, { skip: SKIP }, (t) => {
    const rig = createRig(t);
    const project = randomProject(rig, seed);
    const known = new Set<string>();
    const differences: string[] = [];
    for (const [n, name] of ['nothing', ...editsOf(index), 'nothing'].entries()) {
      EDITS[name]?.(project, n + 2);
      const law = newSteps(project, known);
      const args = writeInputs(rig, project);
      const ran = { law, slipway: slipway(rig, args), buildkit: buildkit(args) };
      const [shown, ...others] = Object.values(ran).map((steps) => steps.join(', '));
      t.diagnostic(`${name}: ${shown || 'all from the cache'}`);
      if (others.some((steps) => steps !== shown)) differences.push(`${n} ${name}: ${JSON.stringify(ran)}`);
    }
    assert.deepEqual(differences, []);
  });
}

/** What a client of BuildKit does not send, since size, mode of a file and time are all that it compares: here the step runs. */
const UNSENT: Readonly<Record<string, (dir: string) => void>> = {
  // Here the time of the last change (ctime) counts as well.
  'content behind the same size and time': (dir) => {
    const { atime, mtime } = statSync(join(dir, 'd/f'));
    writeFileSync(join(dir, 'd/f'), readFileSync(join(dir, 'd/f'), 'utf8').toUpperCase());
    utimesSync(join(dir, 'd/f'), atime, mtime);
  },
  // BuildKit's image would have the old one until something else in the context changes its directory.
  'the mode of a folder alone': (dir) => chmodSync(join(dir, 'd'), 0o700),
};

for (const [name, edit] of Object.entries(UNSENT)) {
  test(`${name} is a difference on purpose: BuildKit keeps the old result`, { skip: SKIP }, (t) => {
    const rig = createRig(t);
    const salt = randomBytes(6).toString('hex');
    const dir = rig.files(`context-${salt}`, { 'd/f': `content-${salt}` });
    const time = 1_000_000_000;
    utimesSync(join(dir, 'd/f'), time, time);
    const dockerfile = `FROM ${BASE} AS base\nFROM base AS only\nCOPY . /in/\n`;
    const args = writeInputs(rig, { dir, salt, dockerfile, buildArgs: {}, secret: '' });
    assert.deepEqual([slipway(rig, args), buildkit(args)], [['only 1'], ['only 1']]);
    edit(dir);
    assert.deepEqual([slipway(rig, args), buildkit(args)], [['only 1'], []]);
  });
}

/** Steps that stand for what no step stood for before. */
function newSteps(project: Project, known: Set<string>): string[] {
  const model = modelOf({ ...project, outputs: outputsOf(project) });
  const fresh = [...model].filter(([, stands]) => !known.has(stands)).map(([place]) => place);
  for (const stands of model.values()) known.add(stands);
  return fresh.sort();
}

/** Each deals half of the edits that there are, so that two projects have seen all of them. */
function editsOf(index: number): string[] {
  const names = Object.keys(EDITS).filter((name) => name !== 'nothing');
  const half = Math.ceil(names.length / 2);
  const shuffled = fc.shuffledSubarray(names, { minLength: names.length });
  const [deck = []] = fc.sample(shuffled, { seed: SEED + Math.floor(index / 2), numRuns: 1 });
  return deck.slice((index % 2) * half, (index % 2) * half + half);
}

function randomProject(rig: Rig, seed: number): Project {
  const salt = randomBytes(6).toString('hex');
  const dir = join(rig.dir, `context-${salt}`);
  mkdirSync(dir);
  const project = { dir, salt, dockerfile: dockerfileOf(BASE, salt), buildArgs: {}, secret: 'first' };
  const [files = []] = fc.sample(tree, { seed, numRuns: 1 });
  writeProject(project, files);
  return project;
}

function slipway(rig: Rig, args: readonly string[]): string[] {
  const { status, stderr } = rig.slipway('build', ...args);
  if (status !== 0) throw new Error(`slipway build exited with ${status}:\n${stderr}`);
  return stepsThatRan(stderr);
}

/** Without a result: what a build makes is compared elsewhere. */
function buildkit(args: readonly string[]): string[] {
  return stepsThatRan(peerProgress('docker', 'buildx', 'build', '-o', 'type=cacheonly', ...args));
}

/** What both are told; the lab has a network of its host only. */
function writeInputs(rig: Rig, { dir, dockerfile, buildArgs, secret }: Project): string[] {
  writeFileSync(join(dir, 'Dockerfile'), dockerfile);
  writeFileSync(join(rig.dir, 'token'), secret);
  const declared = Object.entries(buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const given = ['--secret', `id=token,src=${join(rig.dir, 'token')}`, '--network', 'host'];
  return ['--progress', 'rawjson', ...given, ...declared, dir];
}

interface Vertex {
  readonly name: string;
  readonly started?: string;
  readonly cached?: boolean;
}

/** Copies and commands by stage and place (`source 2`), without bases and what lays a linked copy over others. Both builders report in BuildKit's form. */
function stepsThatRan(progress: string): string[] {
  const lines = progress.split('\n').filter((line) => line.startsWith('{'));
  const vertexes: Vertex[] = lines.flatMap((line) => JSON.parse(line).vertexes ?? []);
  const cached = new Set(vertexes.filter((vertex) => vertex.cached).map(({ name }) => name));
  const ran = vertexes.filter(({ name, started }) => started && !cached.has(name));
  const places = ran.flatMap(({ name }) => /^\[(\S+ \d+)\/\d+\] (?!FROM|LINK)/.exec(name)?.[1] ?? []);
  return [...new Set(places)].sort();
}

async function whyNoBase(): Promise<string | false> {
  const url = 'http://127.0.0.1:5000/v2/library/busybox/tags/list';
  const isThere = await fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
  return isThere ? false : `${BASE} is not there (peers-up.sh)`;
}
