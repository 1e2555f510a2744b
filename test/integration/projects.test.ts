/**
 * Dockerfiles as people have them: the images are those that BuildKit makes. `RECORD_PROJECTS=1` with the lab up asks
 * BuildKit again and rewrites test/projects/expected.json.
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
import { CHECKOUT, createRig, importBusybox, type Rig } from './rig.ts';

interface Project {
  /** Folder below test/projects. */
  readonly folder: string;
  /** What the build is asked besides; `DIR` is the project's copy. */
  readonly args?: readonly string[];
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
};

const FOLDER = join(CHECKOUT, 'test', 'projects');
const EXPECTED = join(FOLDER, 'expected.json');
const expected: Record<string, Outcome> = existsSync(EXPECTED) ? JSON.parse(readFileSync(EXPECTED, 'utf8')) : {};
/** A checkout's own times differ. */
const MTIME = 1_500_000_001;
const isRecording = process.env['RECORD_PROJECTS'] !== undefined;

for (const [title, project] of Object.entries(PROJECTS)) {
  test(`${title}: the image is BuildKit's`, { skip: isRecording && 'recording' }, (t) => {
    const rig = createRig(t);
    importBusybox(rig);
    const dest = join(rig.dir, 'image.tar');
    rig.ok('build', ...argumentsOf(project, rig, dest));
    const outcome = outcomeOf(dest, [baseOf(rig)]);
    const differences = compareOutcomes(expected[title] as Outcome, outcome, { hasLines: false, hasHistory: true });
    assert.deepEqual(differences, []);
  });
}

test('BuildKit is asked again', { skip: recordingSkipped() }, async (t) => {
  const bases = [await fetchBaseImage('busybox', '127.0.0.1:5000')];
  const [base] = bases;
  const named = ['--build-context', `busybox=docker-image://${base?.reference}`];
  for (const [title, project] of Object.entries(PROJECTS)) {
    const rig = createRig(t as TestContext);
    const dest = join(rig.dir, 'image.tar');
    peer('docker', 'buildx', 'build', '--no-cache', '--provenance=false', ...named, ...argumentsOf(project, rig, dest));
    expected[title] = outcomeOf(dest, bases);
  }
  writeFileSync(EXPECTED, `${JSON.stringify(expected, undefined, 1)}\n`);
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

function baseOf(rig: Rig): BaseImage {
  const path = join(rig.dir, 'base.tar');
  rig.ok('save', '-o', path, 'busybox');
  const base = baseImage('busybox', 'busybox', readOciArchive(path));
  rmSync(path);
  return base;
}

function outcomeOf(path: string, bases: readonly BaseImage[]): Outcome {
  return describeImage(readOciArchive(path), bases, { mtime: MTIME, restore: (text) => text });
}
