import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { dateChecks, parseAptConfig, proxyFor } from './apt-config.mjs';
import { machineMirrors, mirrorsOf, parseDeb822Sources, parseSourcesList } from './apt-sources.mjs';

describe('parseSourcesList', () => {
  const line = 'deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian/ bookworm main contrib # ours';
  test('reads options, components and comments', () =>
    assert.deepEqual(parseSourcesList(`# deb http://old.example/debian sid main\n\n${line}\n`), [
      {
        types: ['deb'],
        uris: ['http://mirror.example/debian/'],
        suites: ['bookworm'],
        components: ['main', 'contrib'],
      },
    ]));
});

describe('parseDeb822Sources', () => {
  test('reads paragraphs, continued lines and comments between fields', () =>
    assert.deepEqual(
      parseDeb822Sources(
        'Types: deb deb-src\n# a comment\nURIs: http://a.example/debian\n http://b.example/debian\nSuites: trixie trixie-updates\nComponents: main\n\n\nEnabled: no\nTypes: deb\nURIs: http://c.example/debian\nSuites: sid\nComponents: main\n',
      ),
      [
        {
          types: ['deb', 'deb-src'],
          uris: ['http://a.example/debian', 'http://b.example/debian'],
          suites: ['trixie', 'trixie-updates'],
          components: ['main'],
        },
      ],
    ));
});

describe('mirrorsOf', () => {
  const rows = [
    ['deb http://m.example/debian bookworm main', ['http://m.example/debian']],
    ['deb https://m.example/mirror/ sid main', ['https://m.example/mirror']],
    ['deb http://m.example/debian-security bookworm-security main', []],
    ['deb https://apt.example/pg bookworm-pgdg main', []],
    ['deb https://download.example/linux/debian bookworm stable', []],
    ['deb-src http://m.example/debian bookworm main', []],
    ['deb cdrom:[Debian]/ bookworm main', []],
    [
      'deb https://other.example/x bookworm main\ndeb http://m.example/debian bookworm main\ndeb http://m.example/debian bookworm-updates main',
      ['http://m.example/debian', 'https://other.example/x'],
    ],
  ];
  for (const [text, expected] of rows) {
    test(text, () => assert.deepEqual(mirrorsOf(parseSourcesList(text)), expected));
  }
});

describe('machineMirrors', () => {
  test('reads both forms and mirror lists; falls back to Debian', () => {
    const etc = mkdtempSync(join(tmpdir(), 'apt-'));
    try {
      assert.deepEqual(machineMirrors(etc), ['http://deb.debian.org/debian']);
      mkdirSync(join(etc, 'sources.list.d'));
      writeFileSync(join(etc, 'debian.list'), 'https://list.example/debian/ priority:1\n');
      writeFileSync(
        join(etc, 'sources.list.d/debian.sources'),
        `Types: deb\nURIs: mirror+file://${etc}/debian.list\nSuites: bookworm\nComponents: main\n`,
      );
      writeFileSync(join(etc, 'sources.list.d/ignored.sources.disabled'), 'Types: deb\nURIs: http://no.example/debian');
      writeFileSync(join(etc, 'sources.list'), 'deb http://plain.example/debian bookworm main\n');
      assert.deepEqual(machineMirrors(etc), ['https://list.example/debian', 'http://plain.example/debian']);
    } finally {
      rmSync(etc, { recursive: true });
    }
  });
});

describe('proxyFor', () => {
  const url = new URL('http://deb.example/debian/x');
  const rows = [
    ['', {}, undefined],
    ['', { http_proxy: 'http://env:1' }, 'http://env:1'],
    ['', { http_proxy: 'http://env:1', no_proxy: 'localhost,.example' }, undefined],
    ['', { https_proxy: 'http://env:1' }, undefined],
    ['Acquire::http::Proxy "http://apt:3142";', { http_proxy: 'http://env:1' }, 'http://apt:3142'],
    ['Acquire::HTTP::Proxy "http://apt:3142";\nAcquire::http::Proxy::deb.example "DIRECT";', {}, undefined],
  ];
  for (const [dump, env, expected] of rows) {
    test(`${dump} ${JSON.stringify(env)}`, () => assert.equal(proxyFor(url, parseAptConfig(dump), env), expected));
  }
});

test('dateChecks follow apt', () => {
  assert.deepEqual(dateChecks(new Map()), { checkDate: true, checkValidUntil: true });
  const relaxed = parseAptConfig('Acquire::Check-Valid-Until "false";\n');
  assert.deepEqual(dateChecks(relaxed), { checkDate: true, checkValidUntil: false });
  assert.deepEqual(dateChecks(parseAptConfig('Acquire::Check-Date "0";')), {
    checkDate: false,
    checkValidUntil: false,
  });
});
