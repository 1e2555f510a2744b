import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { openLocalTree } from '../context/local-tree.ts';
import { parseIgnoreFile } from '../context/pattern/ignore-file.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import { parseDockerfile } from '../dockerfile/dockerfile.ts';
import type { GoModule } from '../golang/module/go-module.ts';
import { readGoModule } from '../golang/module/read-go-module.ts';
import { generateFiles } from './generate-files.ts';
import { BASES, type GenerateOptions } from './image-plan.ts';

const base = mkdtempSync(join(tmpdir(), 'slipway-generate-'));
after(() => rmSync(base, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;

function moduleOf(files: Files, tags: readonly string[] = []): GoModule {
  const dir = mkdtempSync(join(base, 'm-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const module = readGoModule(openLocalTree(dir, { name: 'the module' }), { tags });
  assert.ok(module);
  return module;
}

const GO_MOD = 'module example.com/shop/v2\n\ngo 1.26\n\nrequire github.com/x/y v1.0.0\n';
const main = (imports: string, body = '') =>
  `package main\nimport (\n${imports
    .split(' ')
    .filter(Boolean)
    .map((path) => `"${path}"`)
    .join('\n')}\n)\n${body}\nfunc main() {}\n`;
const SERVER: Files = {
  'go.mod': GO_MOD,
  'go.sum': '',
  'main.go': main('net/http', 'func f() { http.HandleFunc("/healthz", nil); http.ListenAndServe(":8080", nil) }'),
};

function generate(files: Files, options: GenerateOptions = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(generateFiles(moduleOf(files), options).files.map(({ path, text }) => [path, text]));
}

/** A module, and what its Dockerfile has to say and must not. */
interface Shape {
  readonly title: string;
  readonly files: Files;
  readonly options?: GenerateOptions;
  readonly has: readonly string[];
  readonly lacks?: readonly string[];
}

function assertSays(dockerfile: string, { has, lacks = [] }: Shape): void {
  assert.doesNotThrow(() => parseDockerfile(dockerfile));
  const missing = has.filter((text) => !dockerfile.includes(text));
  const unwanted = lacks.filter((text) => dockerfile.includes(text));
  assert.deepEqual({ missing, unwanted }, { missing: [], unwanted: [] }, dockerfile);
}

const SHAPES: readonly Shape[] = [
  {
    title: 'a server',
    files: SERVER,
    has: [
      'FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS builder',
      'COPY go.mod go.sum ./\nRUN --mount=type=cache,target=/go/pkg/mod \\\n    go mod download',
      'COPY *.go ./',
      'CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags="-s -w" -o /out/shop .',
      'FROM scratch\n',
      'EXPOSE 8080',
      'HEALTHCHECK NONE',
      'USER 65532:65532',
      'ENTRYPOINT ["/usr/local/bin/shop"]',
    ],
    lacks: ['ca-certificates', 'timetzdata', 'STOPSIGNAL', 'WORKDIR /srv'],
  },
  {
    title: 'a server on alpine',
    files: SERVER,
    options: { base: 'alpine' },
    has: ['FROM alpine:', 'CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"]'],
  },
  {
    title: 'a client in several zones',
    files: {
      ...SERVER,
      'main.go': main('net/http time', 'func f() { http.Get("https://x.example"); time.LoadLocation("Europe/Rome") }'),
    },
    has: ['COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/', '-tags timetzdata'],
    lacks: ['EXPOSE'],
  },
  {
    title: 'a client on distroless, which has certificates and zones',
    files: {
      ...SERVER,
      'main.go': main('net/http time', 'func f() { http.Get("https://x.example"); time.LoadLocation("Europe/Rome") }'),
    },
    options: { base: 'distroless' },
    has: ['FROM gcr.io/distroless/static-debian12:nonroot'],
    lacks: ['ca-certificates', 'timetzdata'],
  },
  {
    title: 'cgo',
    files: { ...SERVER, 'main.go': main('github.com/mattn/go-sqlite3') },
    has: [
      'FROM golang:1.26-bookworm AS builder',
      'CGO_ENABLED=1 go build',
      'FROM gcr.io/distroless/base-debian12:nonroot',
    ],
    lacks: ['GOARCH', '$BUILDPLATFORM'],
  },
  {
    title: 'sqlite from scratch is linked statically',
    files: { ...SERVER, 'main.go': main('github.com/mattn/go-sqlite3') },
    options: { base: 'scratch' },
    has: ['-tags netgo,osusergo,sqlite_omit_load_extension', "-extldflags '-static'", 'FROM scratch'],
  },
  {
    title: 'vendor',
    files: { ...SERVER, 'vendor/modules.txt': '' },
    has: ['COPY vendor/ vendor/', 'RUN --mount=type=cache,target=/root/.cache/go-build \\\n    CGO_ENABLED=0'],
    lacks: ['go mod download', '/go/pkg/mod'],
  },
  {
    title: 'a workspace',
    files: {
      'go.work': 'go 1.26\nuse (\n\t./api\n\t./lib\n)\n',
      'api/go.mod': 'module example.com/api\nrequire example.com/z v1.0.0\n',
      'api/main.go': main('example.com/lib'),
      'lib/go.mod': 'module example.com/lib\n',
      'lib/lib.go': 'package lib\n',
    },
    has: [
      'COPY go.work ./',
      'COPY api/go.mod api/',
      'COPY lib/go.mod lib/',
      'COPY api/ api/\nCOPY lib/ lib/',
      '-o /out/api ./api',
    ],
  },
  {
    title: 'several programs',
    files: {
      'go.mod': GO_MOD,
      'cmd/a/main.go': main(''),
      'cmd/b/main.go': SERVER['main.go'] ?? '',
      'tools/gen/main.go': main(''),
    },
    has: [
      'FROM sources AS build-a',
      'FROM sources AS build-b',
      'FROM scratch AS a',
      'FROM scratch AS b',
      'COPY cmd/ cmd/',
    ],
    lacks: ['gen'],
  },
  {
    title: 'a program in the root and once more in cmd/, as "go install" wants it',
    files: { 'go.mod': GO_MOD, 'main.go': main(''), 'cmd/shop/main.go': main('') },
    has: ['AS builder', '-o /out/shop .\n'],
    lacks: ['cmd/shop', 'AS build-shop'],
  },
  {
    title: 'a program in a folder whose name says nothing',
    files: { 'go.mod': GO_MOD, 'cmd/main.go': main('') },
    has: ['-o /out/shop ./cmd\n'],
  },
  {
    title: 'programs of one name',
    files: { 'go.mod': GO_MOD, 'api/server/main.go': main(''), 'web/server/main.go': main('') },
    has: ['-o /out/server ./api/server', '-o /out/web-server ./web/server', 'FROM scratch AS web-server'],
  },
  {
    title: 'programs named as stages are',
    files: {
      'go.mod': GO_MOD,
      'cmd/sources/main.go': main(''),
      'cmd/x/main.go': main(''),
      'cmd/build-x/main.go': main(''),
    },
    has: ['AS cmd-sources', 'AS build-cmd-sources', 'FROM scratch AS build-x', 'FROM sources AS build-build-x'],
  },
  {
    title: 'assembly beside Go',
    files: { 'go.mod': GO_MOD, 'main.go': main(''), 'sum_amd64.s': '', 'sum.h': '', 'notes.txt': '' },
    has: ['COPY *.go *.h *.s ./'],
  },
  {
    title: 'a program that reads the folder it is started in',
    files: { 'go.mod': GO_MOD, 'main.go': main('os', 'func f() { os.ReadDir("."); os.Open("./") }') },
    has: ['FROM scratch\nCOPY --from=builder'],
    lacks: ['WORKDIR /srv', 'COPY ./ '],
  },
  {
    title: 'a server and what tests it',
    files: { 'go.mod': GO_MOD, 'cmd/server/main.go': main(''), 'cmd/test-server/main.go': main('') },
    has: ['AS builder', '-o /out/server ./cmd/server'],
    lacks: ['test-server'],
  },
  {
    title: 'one of several programs',
    files: { 'go.mod': GO_MOD, 'cmd/a/main.go': main(''), 'cmd/b/main.go': main('') },
    options: { main: './cmd/a' },
    has: ['COPY cmd/a/ cmd/a/', '-o /out/a ./cmd/a', 'AS builder'],
    lacks: ['cmd/b', 'COPY cmd/ '],
  },
  {
    title: 'run-time files, SIGINT, a version and a check of its own',
    files: {
      ...SERVER,
      'templates/x.html': '',
      'main.go': main(
        'os os/signal html/template flag',
        'var version = "dev"\nfunc f() { template.ParseGlob("templates/*.html"); signal.Notify(c, os.Interrupt); flag.Bool("healthcheck", false, "") }',
      ),
    },
    has: [
      'WORKDIR /srv\nCOPY templates/ /srv/templates/',
      'STOPSIGNAL SIGINT',
      '-X main.version=${VERSION}',
      'CMD ["/usr/local/bin/shop", "-healthcheck"]',
    ],
  },
  {
    title: 'private modules',
    files: { ...SERVER, 'go.mod': `${GO_MOD}require git.corp.internal/team/lib v1.0.0\n` },
    has: ['ENV GOPRIVATE=git.corp.internal/team', '--mount=type=secret,id=netrc,target=/root/.netrc,required=true'],
  },
  {
    title: 'private modules of a public host, over ssh',
    files: SERVER,
    options: { privatePatterns: ['github.com/acme'], usesSsh: true },
    has: [
      '# Build: slipway build --ssh default --secret id=known_hosts,src=$HOME/.ssh/known_hosts -t shop .',
      'ENV GOPRIVATE=github.com/acme\nRUN git config --system url."ssh://git@github.com/".insteadOf https://github.com/',
      '--mount=type=ssh,required=true',
      '--mount=type=secret,id=known_hosts,target=/root/.ssh/known_hosts,required=true',
    ],
    lacks: ['netrc'],
  },
  {
    title: 'private modules that vendor/ has',
    files: { ...SERVER, 'go.mod': `${GO_MOD}require git.corp.internal/team/lib v1.0.0\n`, 'vendor/modules.txt': '' },
    has: ['COPY vendor/ vendor/'],
    lacks: ['GOPRIVATE', 'netrc'],
  },
  {
    title: 'a server that listens for its own machine unless a flag says otherwise',
    files: {
      ...SERVER,
      'main.go': main(
        'flag net/http',
        'var a = flag.String("http", "localhost:8080", "")\nfunc f() { http.ListenAndServe(*a, nil) }',
      ),
    },
    has: ['EXPOSE 8080', 'ENTRYPOINT ["/usr/local/bin/shop"]\n', 'CMD ["-http=:8080"]\n'],
  },
  {
    title: 'a server with settings, a name and a database',
    files: {
      ...SERVER,
      'main.go': main(
        'os net net/http',
        'func f() { os.Getenv("DB_URL"); os.Getenv("HOME"); net.ListenPacket("udp", ":53"); http.ListenAndServe(":80", nil) }',
      ),
    },
    has: ['EXPOSE 53/udp 80'],
  },
  {
    title: 'an old module',
    files: { ...SERVER, 'go.mod': 'module example.com/old\ngo 1.15\n' },
    has: ['golang:1.26-bookworm'],
    lacks: ['go mod download'],
  },
];

for (const shape of SHAPES) {
  test(`the Dockerfile of ${shape.title}`, () => {
    const { Dockerfile = '' } = generate(shape.files, shape.options);
    assertSays(Dockerfile, shape);
  });
}

const { $schema: _draft7, ...composeSpec } = JSON.parse(
  readFileSync(join(process.env['SLIPWAY_CHECKOUT'] ?? '.', 'src/generate/compose-spec/compose-spec.json'), 'utf8'),
);
const isCompose = new Ajv({ strict: false, validateFormats: false }).compile(composeSpec);

for (const { title, files, options } of SHAPES) {
  test(`the compose files of ${title} are valid by the specification`, () => {
    const written = generate(files, { ...options, isDev: true });
    for (const name of ['compose.yaml', 'compose.dev.yaml'])
      assert.ok(isCompose(parse(written[name] ?? '')), `${JSON.stringify(isCompose.errors)}\n${written[name]}`);
  });
}

test('the schema of compose files is one that refuses', () => {
  assert.equal(isCompose({ services: { a: { image: 'a', read_only: true } } }), true);
  assert.equal(isCompose({ services: { a: { image: 'a', readonly: true } } }), false);
});

for (const isStrict of [false, true]) {
  test(`.dockerignore ${isStrict ? 'of the strict kind ' : ''}shows what the build needs, and hides what it does not`, () => {
    const ignored = generate(
      {
        ...SERVER,
        'main.go': main(
          'embed os',
          '//go:embed docs/*.md certs/ca.pem\nvar f embed.FS\nfunc g() { os.ReadFile("build/config.yaml") }',
        ),
        'docs/a.md': '',
        'certs/ca.pem': '',
        'build/config.yaml': '',
        'internal/x_test.go': '',
      },
      { isStrict },
    )['.dockerignore'];
    const matcher = parseIgnoreFile(ignored ?? '');
    const isHidden = (path: string) => matcher.explainPath(path) !== undefined;
    const needed = ['go.mod', 'go.sum', 'main.go', 'docs/a.md', 'certs/ca.pem', 'build/config.yaml'];
    assert.deepEqual(needed.filter(isHidden), []);
    const useless = ['.git', 'main_test.go', '.env', 'id_rsa', 'README.md', 'vendor/a/b.go', 'x/testdata/y'];
    assert.deepEqual(
      useless.filter((path) => !isHidden(path)),
      [],
    );
  });
}

test('every base says the same of a program that needs nothing', () => {
  for (const kind of BASES)
    assert.match(generate(SERVER, { base: kind })['Dockerfile'] ?? '', /\nENTRYPOINT \["\/usr\/local\/bin\/shop"\]\n$/);
});

test('compose publishes on the loopback address and names what the program reads', () => {
  const text = generate({
    ...SERVER,
    'main.go': main('os net/http', 'func f() { os.Getenv("DB_URL"); http.ListenAndServe(":80", nil) }'),
  })['compose.yaml'];
  assert.match(text ?? '', /- "127\.0\.0\.1:8080:80"/);
  assert.match(text ?? '', /- DB_URL/);
});

test('files for development come when they are asked for', () => {
  const files = generate(SERVER, { isDev: true });
  assert.deepEqual(Object.keys(files), [
    'Dockerfile',
    '.dockerignore',
    'compose.yaml',
    'Dockerfile.dev',
    'compose.dev.yaml',
  ]);
});

/** Of the Dockerfile.dev. */
const DEV_SHAPES: readonly Shape[] = [
  {
    title: 'a server',
    files: SERVER,
    has: [
      'COPY go.mod go.sum ./\nRUN umask 0 && go mod download\n',
      'EXPOSE 8080 2345',
      'CGO_ENABLED=0 go build',
      'ENV DEBUG_ADDRESS=:2345',
    ],
  },
  {
    title: 'an older Go, whose tools are built by the newest',
    files: { ...SERVER, 'go.mod': GO_MOD.replace('1.26', '1.25') },
    has: ['FROM golang:1.26-bookworm AS tools', 'FROM golang:1.25-bookworm\n'],
  },
  {
    title: 'a newer Go than is known here',
    files: { ...SERVER, 'go.mod': GO_MOD.replace('1.26', '1.99') },
    has: ['FROM golang:1.99-bookworm AS tools', 'FROM golang:1.99-bookworm\n'],
  },
  {
    title: 'vendor',
    files: { ...SERVER, 'vendor/modules.txt': '' },
    has: ['WORKDIR /src\n\nENV HOME'],
    lacks: ['go mod download'],
  },
  {
    title: 'private modules',
    files: SERVER,
    options: { privatePatterns: ['github.com/acme'] },
    has: [
      '# Or: slipway build --secret id=netrc,src=$HOME/.netrc -f Dockerfile.dev -t shop-dev .',
      'ENV GOPRIVATE=github.com/acme',
      'RUN --mount=type=secret,id=netrc,target=/root/.netrc,required=true \\\n    umask 0 && go mod download\n\nENV HOME=/cache\n',
    ],
  },
];

for (const shape of DEV_SHAPES) {
  test(`the Dockerfile.dev of ${shape.title}`, () => {
    const { 'Dockerfile.dev': text = '' } = generate(shape.files, { ...shape.options, isDev: true });
    assertSays(text, shape);
  });
}

for (const [title, files, options, code] of [
  ['a library', { 'go.mod': GO_MOD, 'a.go': 'package a' }, {}, 'GO_PROGRAM_MISSING'],
  ['an unknown program', SERVER, { main: 'shpo' }, 'GO_PROGRAM_MISSING'],
  ['a folder outside', { ...SERVER, 'go.mod': `${GO_MOD}replace a.b/c => ../c\n` }, {}, 'GO_MODULE_OUTSIDE'],
  ['ssh for nothing', SERVER, { usesSsh: true }, 'USAGE'],
  [
    'private modules that vendor/ has',
    { ...SERVER, 'vendor/modules.txt': '' },
    { privatePatterns: ['github.com/acme'] },
    'USAGE',
  ],
  ['a private pattern that is none', SERVER, { privatePatterns: ['github.com/acme\nRUN x'] }, 'USAGE'],
  [
    'C from scratch',
    { ...SERVER, 'main.go': `package main\nimport "C"\nfunc main() {}\n` },
    { base: 'scratch' },
    'USAGE',
  ],
] as const) {
  test(`${title} is an error`, () => {
    assert.throws(
      () => generate(files, options),
      (error) => error instanceof KnownError && error.code === code && error.hint !== undefined,
    );
  });
}

test('what is embedded and not there is said', () => {
  const { warnings } = generateFiles(
    moduleOf({ ...SERVER, 'main.go': main('embed', '//go:embed dist\nvar f embed.FS') }),
  );
  assert.match(warnings[0]?.what ?? '', /"dist"/);
});

test('a server that only its own container reaches is said', () => {
  const files = { ...SERVER, 'main.go': main('net/http', 'func f() { http.ListenAndServe("localhost:8080", nil) }') };
  const { warnings } = generateFiles(moduleOf(files));
  assert.equal(warnings[0]?.what, 'It listens on localhost:8080');
});

test('a port that an ordinary user may not have everywhere is said, with what changes it', () => {
  const body = 'var p = flag.String("port", "80", "")\nfunc f() { http.ListenAndServe(":"+*p, nil) }';
  const { warnings } = generateFiles(moduleOf({ ...SERVER, 'main.go': main('flag net/http', body) }));
  assert.equal(warnings[0]?.what, 'It listens on port 80');
  assert.match(warnings[0]?.why ?? '', /--port changes it/);
});

test('build tags are set in every build, and those that were not are told', () => {
  const files = {
    'go.mod': GO_MOD,
    'main.go': main('time', 'func f() { time.LoadLocation("Europe/Rome") }'),
    'pg.go': `//go:build postgres\n\n${main('github.com/x/y').replace('func main() {}', '')}`,
  };
  const { decisions } = generateFiles(moduleOf(files), {});
  assert.match(JSON.stringify(decisions), /files wait for -tags postgres; --tags sets them/);
  const set = generateFiles(moduleOf(files, ['postgres']), { isDev: true });
  const textOf = (path: string) => set.files.find((file) => file.path === path)?.text ?? '';
  assert.match(textOf('Dockerfile'), / -tags postgres,timetzdata /);
  assert.match(textOf('Dockerfile.dev'), /-tags postgres,timetzdata/);
  assert.doesNotMatch(JSON.stringify(set.decisions), /wait for/);
});

test('modules without sums are warned of, where they are not vendored', () => {
  const files = { 'go.mod': GO_MOD, 'main.go': main('') };
  const warned = (more: Files) => JSON.stringify(generateFiles(moduleOf({ ...files, ...more }), {}).warnings);
  assert.match(warned({}), /go\.sum is missing/);
  assert.doesNotMatch(warned({ 'go.sum': '' }), /go\.sum/);
  assert.doesNotMatch(warned({ 'vendor/modules.txt': '' }), /go\.sum/);
});

test('a module with nothing but a tool is warned of, unless it was asked for', () => {
  const files = { 'go.mod': GO_MOD, 'go.sum': '', 'scripts/bench/main.go': main('') };
  const warned = (options: GenerateOptions) => JSON.stringify(generateFiles(moduleOf(files), options).warnings);
  assert.match(warned({}), /scripts\/bench may be a tool/);
  assert.equal(warned({ main: 'scripts/bench' }), '[]');
});
