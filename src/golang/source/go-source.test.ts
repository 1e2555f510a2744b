import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { readGoHeader, readGoSource } from './go-source.ts';

const SOURCE = `//go:build linux && !nothing

// Package main serves.
package main

import "fmt"
import (
	"net/http"
	_ "time/tzdata"
	redis "github.com/redis/go-redis/v9"
	"github.com/mattn/go-sqlite3"
)

//go:embed "a b.txt" templates/*
var files embed.FS

//go:generate stringer -type=Kind

var version = "dev"
var (
	commit, date string
	count = 3
	name string = "x"
	f = func() { var inner = "no" }
	computed = "a" + b
)

type Config struct {
	Port int    \`env:"PORT" envDefault:"8080"\`
	Name string
}

func main() {
	port, err := strconv.Atoi(os.Getenv("PORT"))
	addr := fmt.Sprintf(":%d", port)
	srv := &http.Server{Addr: addr, Handler: nil}
	kingpin.Flag("listen", "help, with commas").Default(":9090").String()
	http.ListenAndServe(":"+"80", func() { x(1) })
}
`;
const source = readGoSource('main.go', SOURCE);

test('imports have the names by which the file uses them', () => {
  assert.deepEqual(
    source.imports.map(({ name, path, line }) => `${line} ${name} ${path}`),
    [
      '6 fmt fmt',
      '8 http net/http',
      '9 _ time/tzdata',
      '10 redis github.com/redis/go-redis/v9',
      '11 sqlite3 github.com/mattn/go-sqlite3',
    ],
  );
});

test('the header alone says the same', () => {
  const { packageName, imports, isBuilt, missingTags } = source;
  assert.deepEqual(readGoHeader('main.go', SOURCE), { packageName, imports, isBuilt, missingTags });
  assert.equal(packageName, 'main');
  assert.deepEqual(isBuilt, { withCgo: true, withoutCgo: true });
});

test('constraints count above the package clause only', () => {
  assert.equal(readGoHeader('a.go', '//go:build ignore\n\npackage a').isBuilt.withCgo, false);
  assert.equal(readGoHeader('a.go', '// +build windows\n\npackage a').isBuilt.withCgo, false);
  assert.equal(readGoHeader('a.go', 'package a\n//go:build ignore\n').isBuilt.withCgo, true);
  assert.deepEqual(readGoHeader('a.go', '//go:build cgo\npackage a').isBuilt, { withCgo: true, withoutCgo: false });
});

test('directives, variables and main are found', () => {
  assert.deepEqual(source.embeds, [
    { text: 'a b.txt', line: 14 },
    { text: 'templates/*', line: 14 },
  ]);
  assert.deepEqual(source.generates, [{ text: 'stringer -type=Kind', line: 17 }]);
  assert.deepEqual(
    source.stringVariables.map(({ text }) => text),
    ['version', 'commit', 'date', 'name'],
  );
  assert.ok(source.hasMain);
});

test('tags belong to fields', () => {
  assert.deepEqual(source.tags, [{ field: 'Port', tag: 'env:"PORT" envDefault:"8080"', line: 29 }]);
});

test('names are bound to what can be followed', () => {
  const bound = (name: string) => source.bindings.find((binding) => binding.name === name)?.value;
  assert.deepEqual(bound('Addr'), { kind: 'name', names: ['addr'] });
  const getenv = { kind: 'call', callee: ['os', 'Getenv'], on: undefined, args: [{ kind: 'literal', text: 'PORT' }] };
  assert.deepEqual(bound('port'), { kind: 'call', callee: ['strconv', 'Atoi'], on: undefined, args: [getenv] });
  assert.deepEqual(bound('count'), { kind: 'literal', text: '3' });
  assert.equal(bound('f'), undefined);
});

test('calls have their arguments', () => {
  const call = source.calls.find(({ callee }) => callee.join('.') === 'http.ListenAndServe');
  const literal = (text: string) => ({ kind: 'literal', text });
  assert.deepEqual(call?.args[0], { kind: 'sum', terms: [literal(':'), literal('80')] });
  assert.equal(call?.args.length, 2);
  const flag = source.calls.find(({ callee }) => callee.join('.') === 'kingpin.Flag');
  assert.deepEqual(flag?.args, [literal('listen'), literal('help, with commas')]);
  assert.ok(!source.calls.some(({ callee }) => callee[0] === 'main'));
});

test('names of packages are referred to', () => {
  assert.equal(source.references.get('net/http.Server'), 36);
  assert.equal(source.references.get('fmt.Sprintf'), 35);
});

test('any text is read, and a deep one does not overflow', () => {
  const piece = fc.constantFrom(
    'a',
    '(',
    ')',
    '{',
    '}',
    ',',
    '.',
    '=',
    ':=',
    '"s"',
    '`',
    '\n',
    'var',
    'func',
    'import',
    '+',
    ':',
  );
  fc.assert(fc.property(fc.array(piece), (pieces) => readGoSource('a.go', pieces.join(' ')).calls.length >= 0));
  for (const filler of ['a(', 'a.', '((', 'x := ', 'a(b,', 'a(b)(', '{a:', 'a+', 'var ( '])
    readGoSource('a.go', filler.repeat(5_000));
});
