import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { build } from '../../src/build/build.ts';
import type { BuildOptions } from '../../src/build/build-options.ts';
import { KnownError } from '../../src/diagnostics/known-error.ts';
import { openStore } from '../../src/distribution/store.ts';
import { explain } from '../../src/explain/explain.ts';
import { type BuildOutlook, plan } from '../../src/explain/plan.ts';

const root = mkdtempSync(join(tmpdir(), 'slipway-explain-'));
after(() => rmSync(root, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;

/** A project with a store of its own. */
class Project {
  readonly dir: string;
  readonly store: string;

  constructor(name: string) {
    this.dir = join(root, name, 'app');
    this.store = join(root, name, 'store');
    mkdirSync(this.dir, { recursive: true });
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  write(files: Files): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      writeFileSync(this.path(name), content);
    }
  }

  /** A step that cannot run (there is no program on scratch) fails, and is recorded with its key all the same. */
  async build(options: Partial<BuildOptions> = {}): Promise<void> {
    try {
      await build(this.#options(options));
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
    }
  }

  plan(options: Partial<BuildOptions> = {}): Promise<BuildOutlook> {
    return plan(this.#options(options));
  }

  #options(options: Partial<BuildOptions>): BuildOptions {
    const { signal } = new AbortController();
    return { storeRoot: this.store, context: this.dir, cwd: this.dir, env: {}, signal, ...options };
  }

  /** Every step turned out as planned; what hung on a result that was not there yet may have become either. */
  assertAsPlanned({ steps: planned }: BuildOutlook): void {
    const { steps } = explain({ storeRoot: this.store });
    const outcome = (index: number) => (steps[index]?.outcome === 'failed' ? 'run' : steps[index]?.outcome);
    for (const [index, step] of planned.entries())
      if (step.outcome !== 'maybe') assert.equal(outcome(index), step.outcome, `${step.text} was planned`);
  }

  causes(): readonly string[] {
    return explain({ storeRoot: this.store }).misses.flatMap(({ causes }) => causes.map(({ text }) => text));
  }
}

interface Edit {
  readonly name: string;
  readonly files: Files;
  readonly options?: Partial<BuildOptions>;
  edit?(project: Project): void | Promise<void>;
  /** Files that replace or join the others. */
  readonly write?: Files;
  readonly secondOptions?: Partial<BuildOptions>;
  /** Lines, each told of one cause. */
  readonly causes: readonly string[];
}

const SOURCES = {
  'main.go': 'package main\n',
  'internal/a.go': 'a\n',
  'internal/b.go': 'bb\n',
  'go.mod': 'module x\n',
};
const COPY_ALL = {
  Dockerfile: 'FROM scratch\nCOPY . /src/\n',
  '.dockerignore': 'Dockerfile\n.dockerignore\n',
  ...SOURCES,
};
const run = (...lines: readonly string[]) => ({
  Dockerfile: ['FROM scratch', ...lines, 'RUN ["/none"]', ''].join('\n'),
});
const copies = (...lines: readonly string[]) => ({
  ...COPY_ALL,
  Dockerfile: ['FROM scratch', ...lines, ''].join('\n'),
});
const BASED = { ...COPY_ALL, Dockerfile: 'FROM base:1\nCOPY go.mod /src/\n' };

async function buildBase(project: Project, tag: string, content: string, env = ''): Promise<void> {
  const dir = join(project.dir, '..', 'base');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'file'), content);
  writeFileSync(join(dir, 'Dockerfile'), `FROM scratch\n${env}\nCOPY file /\n`);
  await project.build({ context: dir, tags: [tag] });
}

const FILE_EDITS: readonly Edit[] = [
  {
    name: 'a file changed',
    files: COPY_ALL,
    write: { 'main.go': 'package main // more\n' },
    causes: ['COPY . /src/: main.go changed (1 of 4 files, +8 bytes)'],
  },
  {
    name: 'a file shrank',
    files: COPY_ALL,
    write: { 'internal/b.go': 'b\n' },
    causes: ['COPY . /src/: internal/b.go changed (1 of 4 files, −1 byte)'],
  },
  {
    name: 'a file was added',
    files: COPY_ALL,
    write: { 'internal/c.go': 'c\n' },
    causes: ['COPY . /src/: internal/c.go added (1 of 5 files, +2 bytes)'],
  },
  {
    name: 'a file was removed',
    files: COPY_ALL,
    edit: (project) => rmSync(project.path('internal/a.go')),
    causes: ['COPY . /src/: internal/a.go removed (1 of 3 files, −2 bytes)'],
  },
  {
    name: 'a file was renamed',
    files: COPY_ALL,
    edit: (project) => renameSync(project.path('main.go'), project.path('app.go')),
    causes: ['COPY . /src/: main.go → app.go renamed (1 of 4 files)'],
  },
  {
    name: 'a directory was renamed',
    files: COPY_ALL,
    edit: (project) => renameSync(project.path('internal'), project.path('inner')),
    causes: ['COPY . /src/: internal/a.go → inner/a.go and internal/b.go → inner/b.go renamed (2 of 4 files)'],
  },
  {
    name: 'a mode changed',
    files: COPY_ALL,
    edit: (project) => chmodSync(project.path('main.go'), 0o755),
    causes: ['COPY . /src/: main.go chmod 644 → 755 (1 of 4 files)'],
  },
  {
    name: 'a file became a symlink',
    files: COPY_ALL,
    edit(project) {
      rmSync(project.path('main.go'));
      symlinkSync('go.mod', project.path('main.go'));
    },
    causes: ['COPY . /src/: main.go became a symlink (1 of 4 files, −13 bytes)'],
  },
  {
    name: 'a symlink leads elsewhere',
    files: COPY_ALL,
    async edit(project) {
      symlinkSync('go.mod', project.path('link'));
      await project.build();
      rmSync(project.path('link'));
      symlinkSync('main.go', project.path('link'));
    },
    causes: ['COPY . /src/: link links elsewhere (1 of 5 files)'],
  },
  {
    name: 'many files changed',
    files: COPY_ALL,
    write: { 'main.go': '1', 'internal/a.go': '2', 'internal/b.go': '3', 'go.mod': '4', 'new.go': '5' },
    causes: ['COPY . /src/: go.mod and internal/a.go changed and 3 more (5 of 5 files, −22 bytes)'],
  },
  {
    name: 'two files changed places',
    files: COPY_ALL,
    write: { 'internal/a.go': 'bb\n', 'internal/b.go': 'a\n' },
    causes: ['COPY . /src/: internal/a.go and internal/b.go changed (2 of 4 files)'],
  },
  {
    name: 'an empty directory was added',
    files: COPY_ALL,
    edit: (project) => mkdirSync(project.path('empty')),
    causes: ['COPY . /src/: empty added (1 of 4 files)'],
  },
  {
    name: '.dockerignore hides a file',
    files: COPY_ALL,
    write: { '.dockerignore': 'Dockerfile\n.dockerignore\nmain.go\n' },
    causes: ['COPY . /src/: main.go removed (1 of 3 files, −13 bytes)'],
  },
  {
    name: 'only the second of two copies is concerned',
    files: copies('COPY go.mod /src/', 'COPY internal /src/internal/'),
    write: { 'internal/a.go': 'aa\n' },
    causes: ['COPY internal /src/internal/: internal/a.go changed (1 of 2 files, +1 byte)'],
  },
  {
    name: 'a wildcard matches one more',
    files: copies('COPY *.go /src/'),
    write: { 'more.go': 'm\n' },
    causes: ['COPY *.go /src/: more.go added (1 of 2 files, +2 bytes)'],
  },
  {
    name: 'one of several sources',
    files: copies('COPY go.mod main.go /src/'),
    write: { 'go.mod': 'module y\n' },
    causes: ['COPY go.mod main.go /src/: go.mod changed (1 of 1 file)'],
  },
  {
    name: 'a file below COPY --link',
    files: copies('COPY --link go.mod /src/'),
    write: { 'go.mod': 'module y\n' },
    causes: ['COPY --link go.mod /src/: go.mod changed (1 of 1 file)'],
  },
  {
    name: 'a file of a named context',
    files: { ...copies('COPY --from=lib file /'), 'lib/file': '1' },
    options: { buildContexts: { lib: 'lib' } },
    secondOptions: { buildContexts: { lib: 'lib' } },
    write: { 'lib/file': '22' },
    causes: ['COPY --from=lib file /: file changed (1 of 1 file, +1 byte)'],
  },
  {
    name: 'a file of another stage',
    files: {
      ...COPY_ALL,
      Dockerfile: 'FROM scratch AS one\nCOPY . /src/\nFROM scratch\nCOPY --from=one /src/main.go /\n',
    },
    write: { 'main.go': 'package other\n' },
    causes: ['COPY . /src/: main.go changed (1 of 4 files, +1 byte)'],
  },
  {
    name: 'two stages, each for its own reason',
    files: {
      ...COPY_ALL,
      Dockerfile:
        'FROM scratch AS one\nCOPY main.go /\nFROM scratch AS two\nCOPY go.mod /\nFROM scratch\nCOPY --from=one /main.go /\nCOPY --from=two /go.mod /\n',
    },
    write: { 'main.go': '1', 'go.mod': '2' },
    causes: [
      'COPY main.go /: main.go changed (1 of 1 file, −12 bytes)',
      'COPY go.mod /: go.mod changed (1 of 1 file, −8 bytes)',
    ],
  },
  {
    name: 'a stage got another name and a file changed',
    files: {
      ...COPY_ALL,
      Dockerfile: 'FROM scratch AS one\nCOPY . /src/\nFROM scratch\nCOPY --from=one /src/main.go /\n',
    },
    write: {
      Dockerfile: 'FROM scratch AS first\nCOPY . /src/\nFROM scratch\nCOPY --from=first /src/main.go /\n',
      'main.go': '1',
    },
    causes: ['COPY . /src/: main.go changed (1 of 4 files, −12 bytes)'],
  },
  {
    name: 'only a time changed',
    files: COPY_ALL,
    edit: ({ dir }) => utimesSync(join(dir, 'main.go'), 1, 1),
    causes: [],
  },
];

const DOCKERFILE_EDITS: readonly Edit[] = [
  {
    name: 'the destination of a copy',
    files: COPY_ALL,
    write: { Dockerfile: 'FROM scratch\nCOPY . /app/\n' },
    causes: ['COPY: the instruction changed'],
  },
  {
    name: 'a flag of a copy',
    files: COPY_ALL,
    write: { Dockerfile: 'FROM scratch\nCOPY --chown=1:1 . /src/\n' },
    causes: ['COPY: the instruction changed'],
  },
  {
    name: 'WORKDIR',
    files: copies('WORKDIR /one', 'COPY go.mod .'),
    write: copies('WORKDIR /two', 'COPY go.mod .'),
    causes: ['WORKDIR: the instruction changed'],
  },
  {
    name: 'an instruction was inserted',
    files: copies('COPY go.mod /', 'COPY main.go /'),
    write: copies('COPY go.mod /', 'WORKDIR /x', 'COPY main.go /'),
    causes: ['WORKDIR /x: the instruction is new'],
  },
  {
    name: 'an instruction was removed',
    files: copies('COPY go.mod /', 'WORKDIR /x', 'COPY main.go /'),
    write: copies('COPY go.mod /', 'COPY main.go /'),
    causes: ['COPY main.go /: "WORKDIR /x", which stood before it, was removed'],
  },
  {
    name: 'instructions changed places',
    files: copies('WORKDIR /x', 'COPY go.mod /', 'COPY main.go /'),
    write: copies('WORKDIR /x', 'COPY main.go /', 'COPY go.mod /'),
    causes: ['COPY main.go /: it stood after "COPY go.mod /" before'],
  },
  {
    name: 'an ARG in a COPY, by --build-arg',
    files: copies('ARG SRC=go.mod', 'COPY $SRC /x'),
    secondOptions: { buildArgs: { SRC: 'main.go' } },
    causes: ['ARG SRC: go.mod → main.go'],
  },
  {
    name: 'an ARG in a COPY, by its default',
    files: copies('ARG SRC=go.mod', 'COPY ${SRC} /x'),
    write: copies('ARG SRC=main.go', 'COPY ${SRC} /x'),
    causes: ['ARG SRC: go.mod → main.go'],
  },
  {
    name: 'an ENV in a COPY',
    files: copies('ENV TO=/a/', 'COPY go.mod $TO'),
    write: copies('ENV TO=/b/', 'COPY go.mod $TO'),
    causes: ['ENV TO: /a/ → /b/'],
  },
  {
    name: 'a heredoc of a COPY',
    files: copies('COPY <<EOF /file', 'one', 'EOF'),
    write: copies('COPY <<EOF /file', 'two', 'EOF'),
    causes: ['COPY: the heredoc changed'],
  },
  { name: 'a comment', files: COPY_ALL, write: { Dockerfile: '# more\nFROM scratch\nCOPY . /src/\n' }, causes: [] },
  { name: 'a label', files: COPY_ALL, secondOptions: { labels: { a: 'b' } }, causes: [] },
  {
    name: 'SOURCE_DATE_EPOCH',
    files: copies('WORKDIR /x'),
    options: { buildArgs: { SOURCE_DATE_EPOCH: '1' } },
    secondOptions: { buildArgs: { SOURCE_DATE_EPOCH: '2' } },
    causes: ['SOURCE_DATE_EPOCH: 1 → 2'],
  },
];

const RUN_EDITS: readonly Edit[] = [
  {
    name: 'a command',
    files: run(),
    write: { Dockerfile: 'FROM scratch\nRUN ["/none", "more"]\n' },
    causes: ['RUN: the instruction changed'],
  },
  {
    name: 'an ARG, by --build-arg',
    files: run('ARG VERSION=dev'),
    secondOptions: { buildArgs: { VERSION: 'v1.2' } },
    causes: ['ARG VERSION: dev → v1.2'],
  },
  { name: 'an ARG, by its default', files: run('ARG A=1'), write: run('ARG A=2'), causes: ['ARG A: 1 → 2'] },
  { name: 'a new ARG', files: run(), write: run('ARG A=1'), causes: ['ARG A: 1 is new'] },
  { name: 'an ARG that is gone', files: run('ARG A=1'), write: run(), causes: ['ARG A: it is gone, it was 1'] },
  { name: 'ENV', files: run('ENV A=1'), write: run('ENV A=2'), causes: ['ENV A: 1 → 2'] },
  { name: 'a new ENV', files: run('ENV A=1'), write: run('ENV A=1 B=2'), causes: ['ENV B: 2 is new'] },
  {
    name: 'an ENV that is gone',
    files: run('ENV A=1 B=2'),
    write: run('ENV A=1'),
    causes: ['ENV B: it is gone, it was 2'],
  },
  {
    name: 'two variables',
    files: run('ENV A=1', 'ARG B=1'),
    write: run('ENV A=2', 'ARG B=2'),
    causes: ['ENV A: 1 → 2', 'ARG B: 1 → 2'],
  },
  {
    name: 'an ARG with a secret in it',
    files: run('ARG NPM_TOKEN'),
    options: { buildArgs: { NPM_TOKEN: 'hunter22' } },
    secondOptions: { buildArgs: { NPM_TOKEN: 'hunter23' } },
    causes: ['ARG NPM_TOKEN: changed; values of NPM_TOKEN are not kept'],
  },
  { name: 'USER', files: run('USER 1'), write: run('USER 2'), causes: ['USER: 1 → 2'] },
  {
    name: 'SHELL',
    files: { Dockerfile: 'FROM scratch\nSHELL ["/a", "-c"]\nRUN x\n' },
    write: { Dockerfile: 'FROM scratch\nSHELL ["/b", "-c"]\nRUN x\n' },
    causes: ['SHELL: /a -c → /b -c'],
  },
  {
    name: 'a heredoc of a RUN',
    files: { Dockerfile: 'FROM scratch\nRUN <<EOF\none\nEOF\n' },
    write: { Dockerfile: 'FROM scratch\nRUN <<EOF\ntwo\nEOF\n' },
    causes: ['RUN: the heredoc changed'],
  },
  {
    name: 'a mount',
    files: { Dockerfile: 'FROM scratch\nRUN --mount=type=cache,target=/a ["/none"]\n' },
    write: { Dockerfile: 'FROM scratch\nRUN --mount=type=cache,target=/b ["/none"]\n' },
    causes: ['RUN: the instruction changed'],
  },
  {
    name: 'a file of a bind mount',
    files: { Dockerfile: 'FROM scratch\nRUN --mount=source=internal,target=/x ["/none"]\n', ...SOURCES },
    write: { 'internal/a.go': 'aa\n' },
    causes: [
      'RUN --mount=source=internal,target=/x ["/none"]: internal/a.go changed in the bind mount of /internal (1 of 2 files, +1 byte)',
    ],
  },
  { name: '--network', files: run(), secondOptions: { network: 'none' }, causes: ['--network: default → none'] },
  {
    name: '--add-host',
    files: run(),
    secondOptions: { extraHosts: [{ name: 'a', address: '1.2.3.4' }] },
    causes: ['--add-host: (empty) → a:1.2.3.4'],
  },
  { name: '--shm-size', files: run(), secondOptions: { shmSizeBytes: 4096 }, causes: ['--shm-size: (empty) → 4096'] },
  {
    name: '--ulimit',
    files: run(),
    secondOptions: { ulimits: [{ name: 'nofile', soft: 1, hard: 2 }] },
    causes: ['--ulimit: (empty) → nofile:1:2'],
  },
  {
    name: '--platform',
    files: run(),
    options: { platform: 'linux/amd64' },
    secondOptions: { platform: 'linux/arm64' },
    causes: ['--platform: linux/amd64 → linux/arm64'],
  },
  { name: 'a step that failed', files: run(), causes: ['RUN ["/none"]: it failed last time'] },
];

const CACHE_EDITS: readonly Edit[] = [
  { name: '--no-cache', files: COPY_ALL, secondOptions: { useCache: false }, causes: ['--no-cache'] },
  {
    name: '--no-cache-filter',
    files: { ...COPY_ALL, Dockerfile: 'FROM scratch AS one\nCOPY . /src/\n' },
    secondOptions: { ignoreCacheOf: ['one'] },
    causes: ['--no-cache'],
  },
  {
    name: 'the records are gone',
    files: COPY_ALL,
    edit: ({ store }) => rmSync(join(store, 'cache', 'records'), { recursive: true }),
    causes: ['COPY . /src/: the record was pruned'],
  },
  {
    name: 'the snapshots are gone',
    files: COPY_ALL,
    edit: ({ store }) => rmSync(join(store, 'snapshots'), { recursive: true }),
    causes: ['COPY . /src/: the record was pruned'],
  },
  {
    name: 'back to what was built before',
    files: COPY_ALL,
    async edit(project) {
      project.write({ 'main.go': 'other' });
      await project.build();
      project.write(SOURCES);
    },
    causes: [],
  },
  {
    name: 'another project of the same store',
    files: COPY_ALL,
    async edit(project) {
      await buildBase(project, 'other:1', 'x');
      project.write({ 'go.mod': 'module z\n' });
    },
    causes: ['COPY . /src/: go.mod changed (1 of 4 files)'],
  },
  {
    name: 'the Dockerfile is another',
    files: { ...COPY_ALL, 'other.Dockerfile': 'FROM scratch\nCOPY go.mod /other\n' },
    secondOptions: { dockerfile: 'other.Dockerfile' },
    causes: ['never built before'],
  },
];

for (const { name, files, options, edit, write, secondOptions, causes } of [
  ...FILE_EDITS,
  ...DOCKERFILE_EDITS,
  ...RUN_EDITS,
  ...CACHE_EDITS,
]) {
  test(`names the cause: ${name}`, async () => {
    const project = new Project(name.replace(/\W+/g, '-'));
    project.write(files);
    await project.build(options);
    await edit?.(project);
    if (write) project.write(write);
    const outlook = await project.plan(secondOptions ?? options);
    await project.build(secondOptions ?? options);
    assert.deepEqual(project.causes(), causes);
    project.assertAsPlanned(outlook);
  });
}

test('names the cause: never built', async () => {
  const project = new Project('never');
  project.write(COPY_ALL);
  await project.build();
  assert.deepEqual(project.causes(), ['never built before']);
});

const BASE_EDITS: readonly (Omit<Edit, 'edit' | 'files'> & {
  readonly files?: Files;
  edit?(p: Project): Promise<void>;
})[] = [
  {
    name: 'the tag moved',
    edit: (project) => buildBase(project, 'base:1', 'other'),
    causes: ['FROM base:1: the tag moved, sha256:'],
  },
  {
    name: 'the tag moved and brought other variables',
    files: { Dockerfile: 'FROM base:1\nRUN ["/none"]\n' },
    edit: (project) => buildBase(project, 'base:1', 'other', 'ENV BASE=2'),
    causes: ['FROM base:1: the tag moved, sha256:'],
  },
  {
    name: 'another base',
    async edit(project) {
      await buildBase(project, 'base:2', 'other');
      project.write({ Dockerfile: 'FROM base:2\nCOPY go.mod /src/\n' });
    },
    causes: ['FROM base:2: the base changed, base:1 → base:2'],
  },
  {
    name: 'an ARG that names the base',
    files: { ...COPY_ALL, Dockerfile: 'ARG V=1\nFROM base:$V\nCOPY go.mod /src/\n' },
    edit: (project) => buildBase(project, 'base:2', 'other'),
    secondOptions: { buildArgs: { V: '2' } },
    causes: ['ARG V: 1 → 2', 'FROM base:2: the base changed, base:1 → base:2'],
  },
  {
    name: 'a base and a file',
    async edit(project) {
      await buildBase(project, 'base:1', 'other');
      project.write({ 'go.mod': 'module y\n' });
    },
    causes: ['FROM base:1: the tag moved, sha256:', 'COPY go.mod /src/: go.mod changed (1 of 1 file)'],
  },
];

for (const { name, files = BASED, edit, secondOptions, causes } of BASE_EDITS) {
  test(`names the cause: ${name}`, async () => {
    const project = new Project(name.replace(/\W+/g, '-'));
    await buildBase(project, 'base:1', 'first');
    project.write(files);
    await project.build();
    await edit?.(project);
    const outlook = await project.plan(secondOptions);
    await project.build(secondOptions);
    project.assertAsPlanned(outlook);
    const told = project.causes().map((text) => text.replace(/sha256:.*/, 'sha256:'));
    assert.deepEqual(told, causes);
  });
}

test('no record keeps the value of a secret', async () => {
  const project = new Project('secret');
  const app = { Dockerfile: 'FROM base:1\nARG NPM_TOKEN\nCOPY go.mod /$NPM_TOKEN/\nRUN ["/none", "$NPM_TOKEN"]\n' };
  await buildBase(project, 'base:1', 'first');
  project.write({ ...SOURCES, ...app });
  await project.build({ buildArgs: { NPM_TOKEN: 'hunter22' } });
  const builds = join(project.store, 'builds');
  const kept = readdirSync(builds, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [readFileSync(join(entry.parentPath, entry.name), 'latin1')] : [],
  );
  assert.ok(kept.length > 0);
  assert.deepEqual(
    kept.filter((text) => text.includes('hunter22')),
    [],
  );
  assert.deepEqual(project.causes(), ['never built before']);
});

test('a base that is not in the store is no tag that moved', async () => {
  const project = new Project('absent-base');
  await buildBase(project, 'base:1', 'first');
  project.write(BASED);
  await project.build();
  await openStore(project.store).images.deleteReference('docker.io/library/base:1');
  const { steps, unknownBases } = await project.plan();
  assert.deepEqual(unknownBases, ['base:1']);
  assert.deepEqual(
    steps.map(({ reason }) => reason),
    ['the base is not in the store', 'it is built on base:1, which is not in the store'],
  );
});
