import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goCommands } from './go-commands.ts';

const shell = (text: string) => ['/bin/sh', '-c', text];

for (const [argv, compiles, fetchesModules] of [
  [shell('go build ./...'), true, true],
  [shell('CGO_ENABLED=0 GOOS=linux go build -o /app .'), true, true],
  [shell('A="x y" go test ./...'), true, true],
  [shell('cd cmd && go install ./server'), true, true],
  [shell('/usr/local/go/bin/go vet ./...'), true, true],
  [shell('if true; then go generate ./...; fi'), true, true],
  [shell('go mod download && go mod verify'), false, true],
  [shell('set -e\ngo mod tidy\ngo build .'), true, true],
  [['go', 'build', '.'], true, true],
  [shell('echo go build'), false, false],
  [shell('apt-get install -y golang'), false, false],
  [shell('cp -r let-go build'), false, false],
  [shell('go version'), false, false],
] as const) {
  test(`${argv.at(-1)}: compiles ${compiles}, fetches modules ${fetchesModules}`, () => {
    assert.deepEqual(goCommands(argv), { compiles, fetchesModules });
  });
}
