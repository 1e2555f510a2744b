/** Random changes made through a real overlay mount: the view must show what the kernel shows, and the layer must bring it back. */
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { FileTree } from '../context/file-tree.ts';
import { readTar } from '../image/tar/read-tar.ts';
import { applyLayer } from './apply-layer.ts';
import { CopySnapshotter } from './copy-snapshotter.ts';
import { layerFromSnapshot } from './layer-from-snapshot.ts';
import { openLayeredView } from './layered-view.ts';
import { OverlaySnapshotter } from './overlay-snapshotter.ts';
import { removeTree } from './remove-tree.ts';
import type { ActiveSnapshot, Snapshot } from './snapshot.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-overlay-'));
const isRoot = process.getuid?.() === 0;
const inUserNamespace = !/^\s*0\s+0\s+4294967295/.test(readFileSync('/proc/self/uid_map', 'utf8'));
// Also runs under `unshare --map-root-user --mount`.
const canMount =
  isRoot && runMounted(['true'], [mkdtempSync(join(dir, 'lower-')), mkdtempSync(join(dir, 'lower-'))]).status === 0;
after(() => {
  removeTree(dir);
  rmSync(dir, { force: true, recursive: true });
});

/** A path of a few names, so that changes meet each other. */
const name = fc.constantFrom('a', 'b', 'c', 'dir');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const command = fc.oneof(
  path.map((p) => `rm -rf ${p}`),
  path.map((p) => `mkdir -p ${p}`),
  fc.tuple(path, fc.nat(9)).map(([p, n]) => `test -p ${p} || echo ${n} > ${p}`),
  fc.tuple(path, fc.nat(9)).map(([p, n]) => `test -p ${p} || echo ${n} >> ${p}`),
  fc.tuple(path, path).map(([a, b]) => `ln ${a} ${b}`),
  fc.tuple(path, path).map(([a, b]) => `ln -sfn /${a} ${b}`),
  fc.tuple(path, path).map(([a, b]) => `mv -T ${a} ${b}`),
  fc.tuple(path, fc.constantFrom('700', '4755', '2775', '1777', '640')).map(([p, m]) => `chmod ${m} ${p}`),
  path.map((p) => `test -L ${p} || touch -d '2020-02-03 04:05:06.789' ${p}`),
  path.map((p) => `test -L ${p} || chown -h 12:34 ${p}`),
  path.map((p) => `rm -rf ${p}; mkdir ${p}; echo new > ${p}/c`),
  path.map((p) => `mkfifo ${p}`),
);
const commands = fc.array(command, { maxLength: 12 });

test('view and layer agree with the kernel over a chain of steps', {
  skip: !canMount && 'needs root and overlay mounts',
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(commands, { minLength: 1, maxLength: 4 }), async (steps) => {
      const store = new OverlaySnapshotter(mkdtempSync(join(dir, 'store-')));
      let real: Snapshot | undefined;
      let copy: Snapshot | undefined;
      for (const step of steps) {
        await using active = await store.prepare(real);
        const kernel = runStep(active, step);
        real = await active.commit();
        assert.deepEqual(describe(openLayeredView(real, 'view')), kernel);
        copy = await applyAgain(store, real, copy);
        assert.deepEqual(describe(openLayeredView(copy, 'copy')), kernel);
      }
    }),
    { numRuns: Number(process.env.SLIPWAY_RUNS ?? 25) },
  );
});

test('a copied root gives the same snapshots as a mounted one', {
  skip: !canMount && 'needs root and overlay mounts',
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(commands, { minLength: 1, maxLength: 4 }), async (steps) => {
      const overlay = new OverlaySnapshotter(mkdtempSync(join(dir, 'store-')));
      const copy = new CopySnapshotter(mkdtempSync(join(dir, 'store-')));
      let mounted: Snapshot | undefined;
      let copied: Snapshot | undefined;
      for (const all of steps) {
        // Other names of a lower file do not follow its change through overlayfs, as they do in a copy.
        const step = all.filter((each) => !/^ln [^-]/.test(each));
        // Times are made by the step, at another moment in each.
        const still = [...step, `find . -exec touch -h -d '2021-02-03 04:05:06.7' {} +`];
        await using first = await overlay.prepare(mounted);
        const kernel = runStep(first, still);
        mounted = await first.commit();
        await using second = await copy.prepare(copied);
        assert.deepEqual(runStep(second, still), kernel);
        copied = await second.commit();
        assert.deepEqual(describe(openLayeredView(copied, 'view')), kernel);
      }
    }),
    { numRuns: Number(process.env.SLIPWAY_RUNS ?? 25) },
  );
});

async function applyAgain(store: OverlaySnapshotter, from: Snapshot, onto: Snapshot | undefined): Promise<Snapshot> {
  await using active = await store.prepare(onto);
  await applyLayer(active, readTar(layerFromSnapshot(from, { nanoseconds: true })));
  return active.commit();
}

function runStep(active: ActiveSnapshot, step: readonly string[]): string[] {
  const { rootMount } = active;
  const list = `find . -mindepth 1 -printf '%P|%y|%m|%U|%G|%s|%T@|%l|%n\\n'`;
  const script = [...step.map((each) => `{ ${each}; } >/dev/null 2>&1`), list].join('\n');
  if (rootMount.kind === 'directory')
    return lines(spawnSync('sh', ['-c', script], { cwd: rootMount.path, encoding: 'utf8' }));
  const lower = rootMount.lowerDirs.length > 0 ? rootMount.lowerDirs : [mkdtempSync(join(dir, 'empty-'))];
  return lines(runMounted(['sh', '-c', script], lower, rootMount));
}

function lines({ stdout, stderr, status }: SpawnSyncReturns<string>): string[] {
  assert.equal(status, 0, stderr);
  return stdout.split('\n').filter(Boolean).map(normalise).sort();
}

/** find's sizes of directories and counts of links are the kernel's own business; times of directories a layer keeps only by the way. */
function normalise(line: string): string {
  const [p, type, mode, uid, gid, size, time = '', target] = line.split('|');
  const mtime = type === 'd' ? '-' : time.replace(/\.(\d{9})\d*$/, '.$1');
  return [p, type, type === 'l' ? '777' : mode, uid, gid, type === 'f' ? size : 0, mtime, target].join('|');
}

const LETTER: Readonly<Record<string, string>> = {
  file: 'f',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  char: 'c',
  block: 'b',
};

function describe(tree: FileTree, folder = ''): string[] {
  const lines = tree.readdir(folder).flatMap((each) => {
    const path = folder === '' ? each : `${folder}/${each}`;
    const entry = tree.lstat(path);
    assert.ok(entry, `${path} is listed and not there`);
    const seconds = `${entry.mtimeNs / 1_000_000_000n}.${String(entry.mtimeNs % 1_000_000_000n).padStart(9, '0')}`;
    const line = [
      path,
      LETTER[entry.type],
      entry.type === 'symlink' ? '777' : entry.mode.toString(8),
      entry.uid,
      entry.gid,
      entry.size,
      entry.type === 'directory' ? '-' : seconds,
      entry.linkTarget ?? '',
    ].join('|');
    return entry.type === 'directory' ? [line, ...describe(tree, path)] : [line];
  });
  return folder === '' ? lines.sort() : lines;
}

/** In a mount namespace of its own, so that nothing is left behind. */
function runMounted(argv: readonly string[], lower: readonly string[], over?: { upperDir: string; workDir: string }) {
  const options = [
    `lowerdir=${lower.join(':')}`,
    ...(over ? [`upperdir=${over.upperDir}`, `workdir=${over.workDir}`] : []),
    // With userxattr the kernel has them off, and takes no word about them.
    inUserNamespace ? 'userxattr' : 'redirect_dir=off,metacopy=off,index=off',
  ].join(',');
  const script = 'mkdir -p "$1" && mount -t overlay overlay -o "$2" "$1" && cd "$1" && shift 2 && exec "$@"';
  const target = join(dir, 'merged');
  return spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', target, options, ...argv], { encoding: 'utf8' });
}
