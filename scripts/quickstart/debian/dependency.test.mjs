import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseRelations, resolveDependencies } from './dependency.mjs';
import { indexPackages } from './package-index.mjs';

/** An index of lines such as `a 1.0 depends=b (>= 2), c|d provides=x`. */
function indexOf(...lines) {
  return indexPackages(
    lines
      .map((line) => {
        const [name, version, ...rest] = line.split(' ');
        const fields = rest.join(' ').split(/\b(?=depends=|provides=)/);
        const field = (key) =>
          fields
            .find((text) => text.startsWith(`${key}=`))
            ?.slice(key.length + 1)
            .trim();
        return [
          `Package: ${name}`,
          `Version: ${version}`,
          ...(field('depends') ? [`Depends: ${field('depends')}`] : []),
          ...(field('provides') ? [`Provides: ${field('provides')}`] : []),
          `Filename: pool/${name}.deb`,
          '',
        ].join('\n');
      })
      .join('\n'),
  );
}

const namesOf = (packages) => packages.map(({ name, version }) => `${name}=${version}`);

describe('parseRelations', () => {
  for (const [field, expected] of [
    [undefined, []],
    ['a', [[{ name: 'a', operator: undefined, version: undefined }]]],
    ['a (>= 1.0~rc1)', [[{ name: 'a', operator: '>=', version: '1.0~rc1' }]]],
    ['a:any (<<2)', [[{ name: 'a', operator: '<<', version: '2' }]]],
    [
      'a | b [amd64], c',
      [
        [
          { name: 'a', operator: undefined, version: undefined },
          { name: 'b', operator: undefined, version: undefined },
        ],
        [{ name: 'c', operator: undefined, version: undefined }],
      ],
    ],
  ]) {
    test(String(field), () => assert.deepEqual(parseRelations(field), expected));
  }
});

const resolutions = [
  ['follows dependencies', [['a 1 depends=b', 'b 1 depends=c', 'c 1', 'd 1']], ['a'], ['a=1', 'b=1', 'c=1']],
  ['ends on a cycle', [['a 1 depends=b', 'b 1 depends=a']], ['a'], ['a=1', 'b=1']],
  ['takes the first alternative that exists', [['a 1 depends=x | c | b', 'b 1', 'c 1']], ['a'], ['a=1', 'c=1']],
  ['takes an alternative that is selected already', [['a 1 depends=b | c', 'b 1', 'c 1']], ['c', 'a'], ['a=1', 'c=1']],
  [
    'takes a provider of a virtual package',
    [['a 1 depends=v', 'y 1 provides=v', 'x 1 provides=v']],
    ['a'],
    ['a=1', 'x=1'],
  ],
  [
    'is content with a provider that is selected',
    [['a 1 depends=v', 'y 1 provides=v', 'x 1 provides=v']],
    ['y', 'a'],
    ['a=1', 'y=1'],
  ],
  [
    'needs a versioned provider for a version',
    [['a 1 depends=v (>= 2)', 'x 1 provides=v', 'y 1 provides=v (= 3)']],
    ['a'],
    ['a=1', 'y=1'],
  ],
  ['takes the newest version', [['a 1', 'a 10', 'a 9']], ['a'], ['a=10']],
  ['prefers earlier indexes', [['a 1'], ['a 2']], ['a'], ['a=1']],
  [
    'takes a later index where the version demands it',
    [
      ['a 1', 'b 1'],
      ['a 2', 'c 1 depends=a (>= 2), b'],
    ],
    ['c'],
    ['a=2', 'b=1', 'c=1'],
  ],
];
describe('resolveDependencies', () => {
  for (const [title, indexes, wanted, expected] of resolutions) {
    test(title, () =>
      assert.deepEqual(
        namesOf(
          resolveDependencies(
            indexes.map((lines) => indexOf(...lines)),
            wanted,
          ),
        ),
        expected,
      ),
    );
  }

  test('leaves out what the caller counts as present', () => {
    const packages = resolveDependencies(
      [indexOf('git 1 depends=perl, libc6', 'perl 1 depends=db', 'libc6 1')],
      ['git'],
      {
        without: new Set(['perl']),
      },
    );
    assert.deepEqual(namesOf(packages), ['git=1', 'libc6=1']);
  });

  test('names who needs what is missing', () => {
    assert.throws(() => resolveDependencies([indexOf('a 1 depends=b (>= 2) | c', 'b 1')], ['a']), {
      message: "a needs b (>= 2) | c, which Debian's archive does not have",
    });
  });
});
