import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGoModFile } from './go-mod-file.ts';

test('reads the directives of go.mod, in lines and in blocks', () => {
  const file = parseGoModFile(`// a module
module "example.com/x/v2" // its name

go 1.24.1
toolchain go1.26.0
require github.com/a/b v1.2.3
require (
	golang.org/x/net v0.1.0 // indirect
	// github.com/not/this v1.0.0
	gopkg.in/yaml.v3 v3.0.1
)
replace (
	github.com/a/b => ../b
	github.com/c/d v1.0.0 => github.com/e/d v1.0.1
)
tool golang.org/x/tools/cmd/stringer
exclude github.com/z/z v0.0.1
`);
  assert.deepEqual(file, {
    modulePath: 'example.com/x/v2',
    goVersion: { version: '1.24.1', line: 4 },
    toolchain: { name: 'go1.26.0', line: 5 },
    requires: [
      { path: 'github.com/a/b', version: 'v1.2.3', isIndirect: false, line: 6 },
      { path: 'golang.org/x/net', version: 'v0.1.0', isIndirect: true, line: 8 },
      { path: 'gopkg.in/yaml.v3', version: 'v3.0.1', isIndirect: false, line: 10 },
    ],
    replaces: [
      { path: 'github.com/a/b', version: '', target: '../b', targetVersion: '', isLocal: true, line: 13 },
      {
        path: 'github.com/c/d',
        version: 'v1.0.0',
        target: 'github.com/e/d',
        targetVersion: 'v1.0.1',
        isLocal: false,
        line: 14,
      },
    ],
    tools: ['golang.org/x/tools/cmd/stringer'],
    uses: [],
  });
});

test('reads go.work', () => {
  const { modulePath, goVersion, uses } = parseGoModFile('go 1.25\n\nuse (\n\t./api\n\t"./work er"\n)\nuse .\n');
  assert.deepEqual(
    { modulePath, goVersion, uses },
    {
      modulePath: '',
      goVersion: { version: '1.25', line: 1 },
      uses: ['./api', './work er', '.'],
    },
  );
});

for (const text of ['', 'module', 'require (', 'replace a =>', '=> b', 'require x', ')', '\0\0', 'go\n(\n)\n']) {
  test(`takes ${JSON.stringify(text)}`, () => assert.equal(parseGoModFile(text).requires.length, 0));
}
