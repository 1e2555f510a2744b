import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { openLocalTree } from '../../context/local-tree.ts';
import type { Found, GoModule, GoProgram } from './go-module.ts';
import { MODULE_LIMITS } from './module-files.ts';
import { readGoModule } from './read-go-module.ts';

const base = mkdtempSync(join(tmpdir(), 'slipway-go-module-'));
after(() => rmSync(base, { recursive: true, force: true }));

function folder(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(base, 'm-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

function read(files: Readonly<Record<string, string>>): GoModule {
  const module = readGoModule(openLocalTree(folder(files), { name: 'the module' }));
  assert.ok(module);
  return module;
}

/** The one program of a module whose main.go has these imports and this body. */
function program(imports: string, body: string, files: Readonly<Record<string, string>> = {}): GoProgram {
  const list = imports.split(' ').filter(Boolean);
  const main = `package main\n\nimport (\n${list.map((path) => `\t"${path}"`).join('\n')}\n)\n\n${body}\nfunc main() {}\n`;
  const [found] = read({ 'go.mod': 'module example.com/app\n\ngo 1.24\n', 'main.go': main, ...files }).programs;
  assert.ok(found);
  return found;
}

const values = <T>(found: readonly Found<T>[]) => found.map(({ value }) => value);

test('a folder without go.mod is no module', () => {
  assert.equal(readGoModule(openLocalTree(folder({ 'main.go': 'package main' }), { name: 'x' })), undefined);
});

test('programs are main packages that Linux builds, with the packages they reach', () => {
  const module = read({
    'go.mod': 'module example.com/app/v2\n\ngo 1.22\ntoolchain go1.24.1\n',
    'main.go': 'package main\nimport "example.com/app/v2/internal/a"\nfunc main() {}\n',
    'cmd/worker/main.go': 'package main\nfunc main() {}\n',
    'cmd/win/main_windows.go': 'package main\nfunc main() {}\n',
    'gen.go': '//go:build ignore\n\npackage main\nfunc main() {}\n',
    'internal/a/a.go': 'package a\nimport _ "example.com/app/v2/internal/b"\n',
    'internal/b/b.go': 'package b\n',
    'internal/b/b_test.go': 'package b\nimport "net/http"\n',
    'lib/not_main.go': 'package main\n',
    'nested/go.mod': 'module other\n',
    'nested/main.go': 'package main\nfunc main() {}\n',
    'testdata/x/main.go': 'package main\nfunc main() {}\n',
  });
  assert.deepEqual(
    module.programs.map(({ dir, binary, packageDirs }) => [dir, binary, packageDirs]),
    [
      ['', 'app', ['', 'internal/a', 'internal/b']],
      ['cmd/worker', 'worker', ['cmd/worker']],
    ],
  );
  assert.deepEqual(module.goVersion, { value: '1.22', at: { path: 'go.mod', line: 3 } });
  assert.equal(module.toolchain?.value, 'go1.24.1');
});

test('a workspace has the packages of all its modules, and what lies outside is named', () => {
  const module = read({
    'go.work': 'go 1.25\nuse (\n\t./api\n\t./lib\n\t../elsewhere\n)\n',
    'api/go.mod': 'module example.com/api\ngo 1.24\nreplace example.com/dep => ../../dep\n',
    'api/main.go': 'package main\nimport "example.com/lib/x"\nfunc main() {}\n',
    'lib/go.mod': 'module example.com/lib\n',
    'lib/x/x.go': 'package x\nimport "net/http"\nvar c = http.Client{}\n',
  });
  assert.deepEqual(
    module.modules.map(({ dir }) => dir),
    ['api', 'lib'],
  );
  assert.deepEqual(
    module.outside.map(({ target }) => target),
    ['../elsewhere', '../../dep'],
  );
  assert.equal(module.goVersion?.value, '1.25');
  assert.deepEqual(module.programs[0]?.packageDirs, ['api', 'lib/x']);
  assert.deepEqual(values(module.programs[0]?.tlsClients ?? []), ['net/http.Client']);
});

test('a module that replaces another lies in the tree', () => {
  const module = read({
    'go.mod': 'module example.com/app\nreplace example.com/old => ./fork\n',
    'main.go': 'package main\nimport "example.com/old/y"\nfunc main() {}\n',
    'fork/go.mod': 'module example.com/fork\n',
    'fork/y/y.go': 'package y\n',
  });
  assert.deepEqual(module.programs[0]?.packageDirs, ['', 'fork/y']);
});

for (const [imports, body, port, env, flag] of [
  ['net/http', 'func f() { http.ListenAndServe(":8080", nil) }', 8080, [], undefined],
  ['net/http', 'func f() { s := &http.Server{Addr: ":9000"}; s.ListenAndServe() }', 9000, [], undefined],
  ['net/http', 'const addr = ":8081"\nfunc f() { http.ListenAndServe(addr, nil) }', 8081, [], undefined],
  [
    'net/http os',
    'func f() { p := os.Getenv("PORT"); if p == "" { p = "8082" }; http.ListenAndServe(":"+p, nil) }',
    8082,
    ['PORT'],
    undefined,
  ],
  [
    'net/http flag',
    'var a = flag.String("listen", ":7000", "x")\nfunc f() { http.ListenAndServe(*a, nil) }',
    7000,
    [],
    'listen',
  ],
  [
    'net/http flag',
    'type c struct{ port int }\nfunc f() { flag.IntVar(&cfg.port, "port", 4000, ""); s := http.Server{Addr: fmt.Sprintf(":%d", cfg.port)} }',
    4000,
    [],
    'port',
  ],
  [
    'net/http',
    'func f() { port := getEnv("APP_PORT", "3000"); http.ListenAndServe(fmt.Sprintf("0.0.0.0:%s", port), nil) }',
    3000,
    ['APP_PORT'],
    undefined,
  ],
  [
    'net/http',
    'type C struct {\n\tPort int `env:"PORT" envDefault:"5000"`\n}\nfunc f(c C) { http.ListenAndServe(":"+strconv.Itoa(c.Port), nil) }',
    5000,
    ['PORT'],
    undefined,
  ],
  ['net', 'func f() { net.Listen("tcp", net.JoinHostPort("", "50051")) }', 50051, [], undefined],
  [
    'net/http',
    'func f() { viper.SetDefault("port", 8500); http.ListenAndServe(":"+viper.GetString("port"), nil) }',
    8500,
    [],
    undefined,
  ],
  ['github.com/gin-gonic/gin', 'func f() { r := gin.Default(); r.Run() }', 8080, ['PORT'], undefined],
  ['github.com/labstack/echo/v4', 'func f() { e := echo.New(); e.Start(":1323") }', 1323, [], undefined],
  ['github.com/gofiber/fiber/v2', 'func f() { app := fiber.New(); app.Listen(":3001") }', 3001, [], undefined],
  ['net/http', 'func f() { web.AddFlags(kingpin.CommandLine, ":9115") }', 9115, [], undefined],
] as const) {
  test(`listens on ${port}: ${body.replaceAll(/\s+/g, ' ')}`, () => {
    const [first] = program(imports, body).ports;
    assert.deepEqual([first?.port, first?.env, first?.flag], [port, env, flag]);
  });
}

for (const body of [
  'func f() { net.Listen("unix", "/run/x.sock") }',
  'func f() { http.ListenAndServe("127.0.0.1:6060", nil) }',
  '// http.ListenAndServe(":8080", nil)',
  'func f() { net.Listen("tcp", ":0") }',
  'func f() { db := getEnv("DB_PORT", "5432") }',
]) {
  test(`listens nowhere: ${body}`, () => assert.deepEqual(program('net net/http', body).ports, []));
}

for (const [text, zones] of [
  ['loc', ['the zone of the database']],
  ['u@/db?parseTime=true&loc=Asia%2FTokyo', ['Asia/Tokyo']],
  ['u@/db?loc=Local', []],
  ['location', []],
] as const) {
  test(`zones of the driver of mysql, told ${JSON.stringify(text)}`, () => {
    const { timeZones } = program('github.com/go-sql-driver/mysql', `func f() { g(${JSON.stringify(text)}) }`);
    assert.deepEqual(values(timeZones), zones);
  });
}

for (const [body, port, flag] of [
  ['func f() { http.ListenAndServe("localhost:8080", nil) }', 8080, undefined],
  ['var a = flag.String("http", "localhost:8080", "x")\nfunc f() { http.ListenAndServe(*a, nil) }', 8080, 'http'],
  ['var p = flag.String("port", "8080", "x")\nfunc f() { http.ListenAndServe("127.0.0.1:"+*p, nil) }', 8080, undefined],
  ['func f() { flag.StringVar(&a, "a", "[::1]:81", "x"); s := http.Server{Addr: a} }', 81, 'a'],
  ['func f() { http.ListenAndServe(":8080", nil) }', undefined, undefined],
] as const) {
  test(`listens on the loopback address: ${body.replaceAll(/\s+/g, ' ')}`, () => {
    const [first] = program('flag net/http', body).loopbackPorts;
    assert.deepEqual([first?.port, first?.flag], [port, flag]);
  });
}

test('files opened at run time are found in the module', () => {
  const { opened } = program(
    'os html/template net/http',
    `const dir = "templates"
func f() {
	template.ParseGlob(filepath.Join(dir, "*.html"))
	os.ReadFile("config/missing.yaml")
	http.FileServer(http.Dir("./static"))
	migrate.New("file://db/migrations", dsn)
	os.Open("/etc/hosts")
	os.Open("../up")
}`,
    { 'templates/a.html': '', 'static/x.css': '', 'db/migrations/1.sql': '' },
  );
  assert.deepEqual(
    opened.map(({ path, found }) => [path, found?.path]),
    [
      ['templates/*.html', 'templates'],
      ['config/missing.yaml', undefined],
      ['static', 'static'],
      ['db/migrations', 'db/migrations'],
    ],
  );
});

test('what is embedded exists or not', () => {
  const { embeds } = program('embed', '//go:embed web/*.html all:dist\nvar files embed.FS', { 'web/a.html': '' });
  assert.deepEqual(
    embeds.map(({ pattern, files }) => [pattern, files]),
    [
      ['web/*.html', ['web/a.html']],
      ['all:dist', []],
    ],
  );
});

test('a client of TLS is one by its calls or its packages, a health check of its own is none', () => {
  const client = (imports: string, body: string) => values(program(imports, body).tlsClients);
  assert.deepEqual(client('net/http', 'func f() { http.Get("https://x") }'), ['net/http.Get']);
  assert.deepEqual(client('net/http', 'func f() { http.Get("http://localhost:80/health") }'), []);
  assert.deepEqual(client('net/http', 'func f() { http.ListenAndServe(":80", nil) }'), []);
  assert.deepEqual(client('github.com/jackc/pgx/v5', ''), ['github.com/jackc/pgx/v5']);
});

test('cgo is needed where nothing else would be built', () => {
  const uses = (files: Readonly<Record<string, string>>, imports = 'example.com/app/c') =>
    program(imports, '', files).cgo.map(({ kind, name }) => `${kind} ${name}`);
  const withC = 'package c\n\n// int x;\nimport "C"\n';
  assert.deepEqual(uses({ 'c/c.go': withC }), ['import example.com/app/c']);
  assert.deepEqual(uses({ 'c/c.go': `//go:build cgo\n\n${withC}`, 'c/no.go': '//go:build !cgo\n\npackage c\n' }), []);
  assert.deepEqual(uses({}, 'github.com/mattn/go-sqlite3'), ['module github.com/mattn/go-sqlite3']);
  assert.deepEqual(uses({ 'c/c.go': withC }, 'fmt'), []);
});

test('time zones, signals, variables, health and settings are found', () => {
  const found = program(
    'os os/signal syscall time flag',
    `var (
	version = "dev"
	commit string
)
func f() {
	time.LoadLocation("Europe/Berlin")
	time.LoadLocation("UTC")
	signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	flag.Bool("healthcheck", false, "")
	mux.HandleFunc("GET /healthz", nil)
	os.Getenv("TOKEN")
}`,
  );
  assert.deepEqual(values(found.timeZones), ['Europe/Berlin']);
  assert.deepEqual(values(found.signals).toSorted(), ['SIGINT', 'SIGTERM']);
  assert.deepEqual(
    found.versionVariables.map(({ symbol }) => symbol),
    ['main.version', 'main.commit'],
  );
  assert.deepEqual(found.healthCommand?.value, ['-healthcheck']);
  assert.deepEqual(found.healthRoutes, [{ value: '/healthz', at: { path: 'main.go', line: 20 } }]);
  assert.deepEqual(values(found.environment), ['TOKEN']);
});

test('modules look private by their host or by a GOPRIVATE of the project', () => {
  const module = read({
    'go.mod':
      'module example.com/app\nrequire (\n\tgithub.com/corp/lib v1.0.0\n\tgit.corp.internal/a/b v1.0.0\n\tgolang.org/x/net v0.1.0\n)\n',
    'main.go': 'package main\nfunc main() {}\n',
    Makefile: 'export GOPRIVATE := github.com/corp/*\n',
  });
  assert.deepEqual(values(module.privateModules), ['github.com/corp/lib', 'git.corp.internal/a/b']);
});

test('reading is bounded, and links do not lead out', () => {
  const dir = folder({
    'go.mod': 'module m\n',
    'main.go': 'package main\nfunc main() {}\n',
    'big/x.go': `package big\n//${'x'.repeat(5000)}`,
  });
  symlinkSync('/etc/passwd', join(dir, 'link.go'));
  symlinkSync('loop.go', join(dir, 'loop.go'));
  const module = readGoModule(openLocalTree(dir, { name: 'x' }), { limits: { ...MODULE_LIMITS, bytesPerFile: 4000 } });
  assert.ok(module?.isCut);
  assert.deepEqual(
    module.packages.map(({ dir, files }) => [dir, files.length]),
    [['', 1]],
  );
});

const DRIVERS: Readonly<Record<string, string>> = {
  'go.mod': 'module example.com/app\n',
  'main.go': 'package main\nimport _ "example.com/app/db"\nfunc main() {}\n',
  'db/db.go': 'package db\n',
  'db/postgres.go': '//go:build postgres\n\npackage db\n\nimport _ "example.com/app/driver/postgres"\n',
  'db/fast.go': '//go:build fast\n\npackage db\n\nimport "fmt"\n',
  'db/tools.go': '//go:build tools\n\npackage db\n\nimport _ "example.com/tool"\n',
  'driver/postgres/postgres.go': 'package postgres\n',
};

test('features behind build tags are told, and read where the tags are set', () => {
  const [plain] = read(DRIVERS).programs;
  assert.deepEqual(plain?.leftOut, [{ value: 'postgres', at: { path: 'db/postgres.go', line: 5 } }]);
  const module = readGoModule(openLocalTree(folder(DRIVERS), { name: 'x' }), { tags: ['postgres'] });
  assert.deepEqual(module?.programs[0]?.packageDirs, ['', 'db', 'driver/postgres']);
  assert.deepEqual(module?.programs[0]?.leftOut, []);
});

test('a dependency in C counts only where there is no build without it', () => {
  const open = (name: string, constraint: string, path: string) => ({
    [`db/${name}.go`]: `//go:build ${constraint}\n\npackage db\n\nimport _ "${path}"\n`,
  });
  const files = {
    'go.mod': 'module example.com/app\n',
    'main.go': 'package main\nimport _ "example.com/app/db"\nfunc main() {}\n',
    ...open('c', 'cgo', 'github.com/mattn/go-sqlite3'),
  };
  const count = (more: Readonly<Record<string, string>>) => read({ ...files, ...more }).programs[0]?.cgo.length;
  assert.equal(count({}), 1);
  assert.equal(count(open('pure', '!cgo', 'modernc.org/sqlite')), 0);
});

test('a port that is only logged is none it listens on', () => {
  const found = program(
    'net/http log/slog',
    'type peer struct { Port int }\nvar router = peer{Port: 1900}\nfunc f(to peer) { slog.Info("x", slog.Int("port", to.Port)); http.Serve(unknown(), nil) }',
  );
  assert.deepEqual(found.ports, []);
});
