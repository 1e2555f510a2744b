import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { answerOf, CHECKOUT, createRig, debianImage, freePort, type Rig } from './rig.ts';

const GO_MOD = 'module example.com/shop\n\ngo 1.24\n';
const SERVER = `package main

import (
	"embed"
	"net/http"
	"os"
)

//go:embed web/*.txt
var web embed.FS

var version = "dev"

func main() {
	text, _ := web.ReadFile("web/hello.txt")
	more, err := os.ReadFile("config/more.txt")
	if err != nil {
		panic(err)
	}
	os.Stdout.Write(append(text, more...))
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		http.ListenAndServe(":8080", nil)
	}
}
`;
/** Modules of different shape; what init writes for each is clean at the strictest. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  server: {
    'go.mod': GO_MOD,
    'main.go': SERVER,
    'web/hello.txt': 'hello ',
    'config/more.txt': 'there\n',
    'main_test.go': 'package main\n',
  },
  commands: {
    'go.mod': `${GO_MOD}\nrequire golang.org/x/text v0.14.0\n`,
    'go.sum': '',
    'cmd/api/main.go': 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":80", nil) }\n',
    'cmd/worker/main.go': 'package main\n\nimport "example.com/shop/internal/x"\n\nfunc main() { x.X() }\n',
    'internal/x/x.go': 'package x\n\nfunc X() {}\n',
  },
  workspace: {
    'go.work': 'go 1.24\n\nuse (\n\t./api\n\t./lib\n)\n',
    'api/go.mod': 'module example.com/api\n\ngo 1.24\n',
    'api/main.go': 'package main\n\nimport "example.com/lib"\n\nfunc main() { lib.Say() }\n',
    'lib/go.mod': 'module example.com/lib\n\ngo 1.24\n',
    'lib/lib.go': 'package lib\n\nfunc Say() { println("said") }\n',
  },
  sqlite: {
    'go.mod': `${GO_MOD}\nrequire github.com/mattn/go-sqlite3 v1.14.22\n`,
    'go.sum': '',
    'main.go': 'package main\n\nimport _ "github.com/mattn/go-sqlite3"\n\nfunc main() {}\n',
  },
  vendored: {
    'go.mod': `${GO_MOD}\nrequire example.com/dep v1.0.0\n`,
    'vendor/modules.txt': '# example.com/dep v1.0.0\n## explicit\nexample.com/dep\n',
    'vendor/example.com/dep/dep.go': 'package dep\n\nfunc D() {}\n',
    'main.go': 'package main\n\nimport "example.com/dep"\n\nfunc main() { dep.D() }\n',
  },
  private: {
    'go.mod': `${GO_MOD}\nrequire git.corp.internal/team/lib v1.0.0\n`,
    'go.sum': '',
    'main.go': 'package main\n\nimport _ "git.corp.internal/team/lib"\n\nfunc main() {}\n',
  },
};

const STRICTEST = ['--strict', '--fail-on', 'info', '--no-shellcheck'];

for (const [shape, files] of Object.entries(SHAPES)) {
  for (const flags of [[], ['--strict', '--base', 'debian']]) {
    test(`${shape} ${flags.join(' ')}: what init writes is clean at the strictest`, (t) => {
      const rig = createRig(t);
      const dir = rig.files(shape, files);
      rig.ok('init', ...flags, '--dev', dir);
      // That is said of the program's sources, and init says it too.
      const ofProgram = ['--rule', 'stop-signal-not-handled=off'];
      const { status, stdout, stderr } = rig.slipway('lint', ...STRICTEST, ...ofProgram, dir);
      assert.equal(status, 0, stdout + stderr);
    });
  }
}

test('nothing is replaced unless it is told, and nothing is written in part', (t) => {
  const rig = createRig(t);
  const dir = rig.files('app', {
    'go.mod': GO_MOD,
    'main.go': 'package main\nfunc main() {}\n',
    'compose.yaml': 'mine\n',
  });
  const { status, stderr } = rig.slipway('init', dir);
  assert.equal(status, 1);
  assert.match(stderr, /"compose\.yaml" is there already/);
  assert.deepEqual(readdirSync(dir).sort(), ['compose.yaml', 'go.mod', 'main.go']);
  rig.ok('init', '--force', dir);
  assert.match(readFileSync(join(dir, 'compose.yaml'), 'utf8'), /^services:/);
});

test('a preview writes nothing, and JSON has the facts with their places', (t) => {
  const rig = createRig(t);
  const dir = rig.files('app', SHAPES['server'] ?? {});
  assert.match(rig.ok('init', '--dry-run', dir), /# ==> Dockerfile\n[\s\S]*\nENTRYPOINT \["\/usr\/local\/bin\/shop"\]/);
  assert.equal(existsSync(join(dir, 'Dockerfile')), false);
  const { module } = JSON.parse(rig.ok('init', '--format', 'json', dir));
  assert.deepEqual(module.programs[0].ports[0].at, { path: 'main.go', line: 22 });
});

test('a directory that is no module says where one is', (t) => {
  const rig = createRig(t);
  const dir = rig.files('repository', { 'services/api/go.mod': GO_MOD });
  const { status, stderr } = rig.slipway('init', dir);
  assert.equal(status, 1);
  assert.match(stderr, /GO_MODULE_MISSING[\s\S]*"services\/api"/);
});

test('what init writes builds, and the program finds its files', (t) => {
  const rig = createRig(t);
  importGolang(rig);
  for (const flags of [[], ['--strict']]) {
    const dir = rig.files(`server${flags.join('')}`, SHAPES['server'] ?? {});
    rig.ok('init', ...flags, dir);
    rig.ok('build', '-t', 'shop', dir);
    assert.equal(rig.ok('run', '--rm', 'shop'), 'hello there\n');
  }
});

test('what init writes for the example service is clean, passes audit, and the service starts and stops', async (t) => {
  const rig = createRig(t);
  importGolang(rig);
  const dir = join(rig.dir, 'hello');
  cpSync(join(CHECKOUT, 'examples', 'hello'), dir, { recursive: true });
  rig.ok('init', '--force', '--dev', dir);
  rig.ok('lint', ...STRICTEST, dir);
  rig.ok('build', '-t', 'hello', '--build-arg', 'VERSION=9.9', dir);

  const { rows } = JSON.parse(rig.ok('audit', '--format', 'json', 'hello'));
  const failed = rows.filter(({ status }: { status: string }) => status === 'failed');
  // Its client asks its own health route only; the module names no repository; no time of its sources is given.
  assert.deepEqual(failed.map(({ check }: { check: string }) => check).sort(), [
    'ca-certificates',
    'labels',
    'reproducible',
  ]);

  const port = await freePort();
  const service = rig.start('run', '--rm', '-e', `HELLO_ADDR=127.0.0.1:${port}`, 'hello');
  const exit = new Promise((resolve) => service.once('exit', resolve));
  t.after(() => service.kill('SIGKILL'));
  const greeting = await answerOf(`http://127.0.0.1:${port}/`);
  assert.match(await greeting.text(), /"version":"9\.9"/);
  service.kill('SIGTERM');
  assert.equal(await exit, 0);
});

function importGolang(rig: Rig): void {
  const { path, changes } = debianImage('golang:1.26');
  rig.ok(
    'import',
    ...changes.flatMap((change) => ['--change', change]),
    path,
    'docker.io/library/golang:1.26-bookworm',
  );
}
