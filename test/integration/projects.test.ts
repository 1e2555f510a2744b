/**
 * Dockerfiles as people have them: the images are those that BuildKit makes. `RECORD_PROJECTS=REGEX` with the lab up asks
 * BuildKit again for the projects of such titles and rewrites test/projects/expected.json.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, lutimesSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type BaseImage, baseImage, fetchBaseImage } from '../../conformance/image/base-image.ts';
import { readOciArchive } from '../../conformance/image/read-image.ts';
import { compareOutcomes } from '../../conformance/outcome/compare-outcomes.ts';
import { describeImage } from '../../conformance/outcome/describe-image.ts';
import type { Outcome } from '../../conformance/outcome/outcome.ts';
import { NO_PEERS, peer } from './registry.ts';
import { CHECKOUT, createRig, debianImage, importBusybox, type Rig } from './rig.ts';

interface Project {
  /** Folder below test/projects. */
  readonly folder: string;
  /** What the build is asked besides; `DIR` is the project's copy. */
  readonly args?: readonly string[];
  /** Base images besides busybox that its stages start from. */
  readonly bases?: readonly string[];
  /** Base of the image itself, which its files are told apart from: busybox unless said. */
  readonly finalBase?: string;
  /** Programs that compilers of other versions make otherwise: their content is not compared. */
  readonly compiled?: readonly string[];
}

const PROJECTS: Readonly<Record<string, Project>> = {
  heredocs: { folder: 'heredocs' },
  'a static site with its user': { folder: 'static-site' },
  'the release of several targets': { folder: 'multi-target', args: ['--target', 'release'] },
  'the last of several targets': { folder: 'multi-target' },
  'triggers of triggers': { folder: 'onbuild' },
  'triggers with a build argument': { folder: 'onbuild', args: ['--build-arg', 'MODE=dev'] },
  'variables everywhere': { folder: 'build-args' },
  'variables everywhere, others given': {
    folder: 'build-args',
    args: ['SUFFIX=latest', 'UNSET=given', 'A=cli', 'PORT=99', 'UID=0'].flatMap((value) => ['--build-arg', value]),
  },
  'mounts of every kind': {
    folder: 'mounts',
    args: ['--secret', 'id=tok,src=DIR/secret.txt', '--build-context', 'extra=DIR/extra'],
  },
  "a part of a monorepo, by its own Dockerfile's ignore file": {
    folder: 'monorepo',
    args: ['-f', 'DIR/services/api/Dockerfile'],
  },
  'a Go service with vendored modules': {
    folder: 'go-service',
    args: ['--build-arg', 'VERSION=1.2.3'],
    bases: ['golang:1.26'],
    compiled: ['/server'],
  },
  'a Go service with cgo on a dynamic base': {
    folder: 'cgo-service',
    bases: ['golang-cgo:1.26', 'debian:bookworm-slim'],
    finalBase: 'debian:bookworm-slim',
    compiled: ['/opt/greeter/bin/greeter', '/opt/greeter/lib/libgreet.so.1.0'],
  },
  'setuid programs and file capabilities': { folder: 'privileges' },
  'a development image with a hot reload tool': { folder: 'hot-reload', args: ['--target', 'dev'] },
  'a development image for debugging': { folder: 'hot-reload', args: ['--label', 'by=ci'] },
};

const FOLDER = join(CHECKOUT, 'test', 'projects');
const EXPECTED = join(FOLDER, 'expected.json');
const expected: Record<string, Outcome> = existsSync(EXPECTED) ? JSON.parse(readFileSync(EXPECTED, 'utf8')) : {};
/** A checkout's own times differ. */
const MTIME = 1_500_000_001;
const recorded = process.env['RECORD_PROJECTS'];
const isRecording = recorded !== undefined;

for (const [title, project] of Object.entries(PROJECTS)) {
  test(`${title}: the image is BuildKit's`, { skip: isRecording && 'recording' }, (t) => {
    const rig = createRig(t);
    importBusybox(rig);
    for (const name of project.bases ?? []) importBase(rig, name);
    const dest = join(rig.dir, 'image.tar');
    rig.ok('build', ...argumentsOf(project, rig, dest));
    const outcome = outcomeOf(dest, baseOf(rig, project), project);
    const differences = compareOutcomes(expected[title] as Outcome, outcome, { hasLines: false, hasHistory: true });
    assert.deepEqual(differences, []);
  });
}

test('BuildKit is asked again', { skip: recordingSkipped() }, async (t) => {
  const named = ['--build-context', 'busybox=docker-image://127.0.0.1:5000/library/busybox:latest'];
  for (const [title, project] of Object.entries(PROJECTS)) {
    if (!new RegExp(recorded ?? '').test(title)) continue;
    const rig = createRig(t as TestContext);
    const dest = join(rig.dir, 'image.tar');
    const more = (project.bases ?? []).flatMap((name) => [
      '--build-context',
      `${name}=docker-image://127.0.0.1:5000/library/${name}`,
    ]);
    const flags = ['--no-cache', '--provenance=false', ...named, ...more];
    peer('docker', 'buildx', 'build', ...flags, ...argumentsOf(project, rig, dest));
    const base = await fetchBaseImage(project.finalBase ?? 'busybox', '127.0.0.1:5000');
    expected[title] = outcomeOf(dest, base, project);
    writeFileSync(EXPECTED, `${JSON.stringify(expected, undefined, 1)}\n`);
  }
});

function recordingSkipped(): string | false {
  return isRecording ? NO_PEERS : 'RECORD_PROJECTS is not set';
}

function argumentsOf({ folder, args = [] }: Project, rig: Rig, dest: string): string[] {
  const dir = join(rig.dir, 'context');
  cpSync(join(FOLDER, folder), dir, { recursive: true, verbatimSymlinks: true });
  for (const name of readdirSync(dir, { recursive: true })) lutimesSync(join(dir, String(name)), MTIME, MTIME);
  return [...args.map((arg) => arg.replace('DIR', dir)), '-o', `type=oci,dest=${dest}`, dir];
}

function baseOf(rig: Rig, { finalBase = 'busybox' }: Project): BaseImage {
  const path = join(rig.dir, 'base.tar');
  rig.ok('save', '-o', path, finalBase);
  const base = baseImage(finalBase, finalBase, readOciArchive(path));
  rmSync(path);
  return base;
}

function importBase(rig: Rig, name: string): void {
  const { path, changes } = debianImage(name);
  rig.ok('import', ...changes.flatMap((change) => ['--change', change]), path, `docker.io/library/${name}`);
}

function outcomeOf(path: string, base: BaseImage, { compiled = [] }: Project): Outcome {
  const outcome = describeImage(readOciArchive(path), [base], { mtime: MTIME, restore: (text) => text });
  const told = (line: string): string =>
    compiled.some((name) => line.includes(` ${name} `)) ? line.replace(/\d+ bytes \w+/, 'a program') : line;
  return { ...outcome, tree: outcome.tree.map(told), layers: outcome.layers.map((layer) => layer.map(told)) };
}
