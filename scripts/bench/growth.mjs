/**
 * How Slipway's cost grows: the same work in sizes that double. Stores full of records and of images are written through the rooms that own
 * them, since making them by builds would take hours.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { timed } from './measure.mjs';
import { writeBigContext } from './workloads.mjs';

const ROUNDS = 3;

/** @param {{ dir: string, checkout: string, options: { only: RegExp, node: string }, log: (line: string) => void }} bench */
export async function growthCurves({ dir, checkout, options, log }) {
  const bench = {
    dir,
    checkout,
    call: (store, ...args) => ({
      command: [options.node, join(checkout, 'bin/slipway.js'), ...args],
      env: { SLIPWAY_ROOT: store },
    }),
  };
  const chosen = CURVES.filter(({ name }) => options.only.test(name));
  const curves = [];
  for (const curve of chosen) {
    const points = [];
    for (const size of curve.sizes) {
      mkdirSync(dir, { recursive: true });
      const folder = mkdtempSync(join(dir, `${curve.name}-`));
      points.push({ size, seconds: await curve.measure(bench, folder, size) });
      rmSync(folder, { recursive: true, force: true });
    }
    log(`${curve.title}: ${points.map(({ size, seconds }) => `${size} ${seconds.toFixed(2)} s`).join(', ')}`);
    curves.push({ name: curve.name, title: curve.title, points });
  }
  return curves;
}

const FILES = [5_000, 10_000, 20_000, 40_000];
const STEPS = [10, 20, 40, 80];

const CURVES = [
  { name: 'growth-files-first', title: 'files, first COPY', sizes: FILES, measure: firstBuild(writeFiles) },
  { name: 'growth-files-unchanged', title: 'files, nothing changed', sizes: FILES, measure: cachedBuild(writeFiles) },
  { name: 'growth-layers-first', title: 'layers, first build', sizes: STEPS, measure: firstBuild(writeLayers) },
  {
    name: 'growth-layers-unchanged',
    title: 'layers, nothing changed',
    sizes: STEPS,
    measure: cachedBuild(writeLayers),
  },
  { name: 'growth-stages-first', title: 'stages, first build', sizes: STEPS, measure: firstBuild(writeStages) },
  {
    name: 'growth-stages-unchanged',
    title: 'stages, nothing changed',
    sizes: STEPS,
    measure: cachedBuild(writeStages),
  },
  {
    name: 'growth-records',
    title: 'cache records, nothing changed',
    sizes: [12_500, 25_000, 50_000, 100_000],
    measure: cachedBuild(writeStages, { fill: fillRecords, steps: 10 }),
  },
  {
    name: 'growth-images',
    title: 'images in the store, nothing changed',
    sizes: [250, 500, 1_000, 2_000],
    measure: cachedBuild(writeStages, { fill: fillImages, steps: 10 }),
  },
  {
    name: 'growth-list',
    title: 'images in the store, `slipway images`',
    sizes: [250, 500, 1_000, 2_000],
    measure: listImages,
  },
];

function firstBuild(write) {
  return async ({ call }, folder, size) => {
    const context = join(folder, 'context');
    write(context, size);
    return best(async (round) => timed(call(join(folder, `store-${round}`), 'build', '-q', '-t', 'grown', context)));
  };
}

function cachedBuild(write, { fill, steps } = {}) {
  return async ({ call, checkout }, folder, size) => {
    const context = join(folder, 'context');
    const store = join(folder, 'store');
    write(context, steps ?? size);
    await fill?.({ checkout, folder, store, size });
    const again = () => timed(call(store, 'build', '-q', '-t', 'grown', context));
    await again();
    return best(again);
  };
}

async function listImages({ call, checkout }, folder, size) {
  const store = join(folder, 'store');
  await fillImages({ checkout, folder, store, size });
  return best(() => timed(call(store, 'images', '-q')));
}

/** The least of a few runs: what the work costs where nobody disturbs it. */
async function best(run) {
  const all = [];
  for (let round = 0; round < ROUNDS; round++) all.push(await run(round));
  return Math.min(...all);
}

function writeFiles(dir, files) {
  writeBigContext(dir, { files, largeMib: 1 });
}

function writeLayers(dir, count) {
  mkdirSync(dir, { recursive: true });
  const copies = numbers(count).map((index) => {
    writeFileSync(join(dir, `f${index}`), `${index}\n`);
    return `COPY f${index} /\n`;
  });
  writeFileSync(join(dir, 'Dockerfile'), `FROM scratch\n${copies.join('')}`);
}

function writeStages(dir, count) {
  mkdirSync(dir, { recursive: true });
  const stages = numbers(count).map((index) => {
    writeFileSync(join(dir, `f${index}`), `${index}\n`);
    return `FROM scratch AS s${index}\nCOPY f${index} /\n`;
  });
  const copies = numbers(count).map((index) => `COPY --from=s${index} /f${index} /\n`);
  writeFileSync(join(dir, 'Dockerfile'), `${stages.join('')}FROM scratch\n${copies.join('')}`);
}

async function fillRecords({ checkout, folder, store, size }) {
  const { FileCacheStore, cacheKey } = await rooms(checkout, folder);
  const cache = new FileCacheStore(join(store, 'cache'), undefined);
  for (const index of numbers(size)) {
    const key = cacheKey(
      { operation: 'exec', argv: `make step ${index}`, env: JSON.stringify(['PATH=/usr/bin:/bin']) },
      [],
    );
    await cache.record({
      key,
      snapshotId: `gone-${index}`,
      createdMs: 1,
      durationMs: 1,
      name: `RUN make step ${index}`,
    });
  }
}

async function fillImages({ checkout, folder, store, size }) {
  const { openStore } = await rooms(checkout, folder);
  const { blobs, images } = openStore(store);
  for (const index of numbers(size)) {
    const config = {
      architecture: 'amd64',
      os: 'linux',
      config: { Labels: { index: String(index) } },
      rootfs: { type: 'layers', diff_ids: [] },
    };
    const { digest: id } = blobs.writeBytes(Buffer.from(JSON.stringify(config)));
    const platform = { os: 'linux', architecture: 'amd64' };
    await images.put({ id, platform, layers: [], createdMs: index, storedMs: index });
    await images.setReference(`docker.io/library/image-${index}:latest`, { images: [{ id, platform }] });
  }
}

async function rooms(checkout, folder) {
  const outfile = join(checkout, '.tmp', `bench-${process.pid}`, 'rooms.mjs');
  await build({
    stdin: {
      contents: `export { FileCacheStore } from './src/build/cache/file-cache-store.ts';
        export { cacheKey } from './src/build/cache/cache-key.ts';
        export { openStore } from './src/distribution/store.ts';`,
      resolveDir: checkout,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.18',
    external: ['koffi'],
    banner: { js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);" },
    logLevel: 'warning',
  });
  try {
    return await import(`${pathToFileURL(outfile)}?${folder}`);
  } finally {
    rmSync(join(outfile, '..'), { recursive: true, force: true });
  }
}

function numbers(count) {
  return Array.from({ length: count }, (_, index) => index);
}
