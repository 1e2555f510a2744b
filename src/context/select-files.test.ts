import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { KnownError } from '../diagnostics/known-error.ts';
import { openLocalTree } from './local-tree.ts';
import { PatternMatcher } from './pattern/pattern-matcher.ts';
import { type SelectFilesOptions, selectFiles } from './select-files.ts';

const root = mkdtempSync(join(tmpdir(), 'slipway-select-'));
after(() => rmSync(root, { recursive: true }));

function makeTree(name: string, files: readonly string[], links: Readonly<Record<string, string>>) {
  for (const file of files) {
    mkdirSync(join(root, name, dirname(file)), { recursive: true });
    if (file.endsWith('/')) mkdirSync(join(root, name, file), { recursive: true });
    else writeFileSync(join(root, name, file), 'x');
  }
  for (const [link, target] of Object.entries(links)) symlinkSync(target, join(root, name, link));
  return openLocalTree(join(root, name), { name: 'the build context' });
}

/** What would be in the destination directory, as a listing of the oracle's result has it; 'missing' for a failure. */
function copied(tree: ReturnType<typeof makeTree>, pattern: string, options: SelectFilesOptions = {}): string {
  let selection: ReturnType<typeof selectFiles>;
  try {
    selection = selectFiles(tree, pattern, options);
  } catch (error) {
    if (error instanceof KnownError) return error.code;
    throw error;
  }
  if (!selection) return 'missing';
  const names = new Set<string>();
  for (const match of selection.matches) {
    if (!match.isDirectory) names.add(match.name);
    for (const { entry, relativePath } of match.entries) {
      const suffix = entry.type === 'directory' ? '/' : entry.type === 'symlink' ? `>${entry.linkTarget}` : '';
      names.add(relativePath + suffix);
    }
  }
  return [...names].sort().join(' ');
}

const wildcards = makeTree(
  'wildcards',
  ['a.go', 'b.go', 'dir/c.go', 'dir/d.txt', 'dir/sub/e.go', 'dir/sub/f.txt', 'dir2/c.go', '.hid', '[x]', 's*r'],
  {
    'la.go': 'a.go',
    ldir: 'dir',
    'dir2/lsub': 'dir/sub',
    'dir2/lsub2': '../dir/sub',
    labs: '/a.go',
    dangling: 'nothing',
    esc: '../../../../a.go',
    loop1: 'loop2',
    loop2: 'loop1',
    'dir/lc': 'c.go',
    'dir2/labsdir': '/dir',
  },
);

const DIR = 'c.go d.txt lc>c.go sub/ sub/e.go sub/f.txt';
const DIR2 = 'c.go labsdir>/dir lsub2>../dir/sub lsub>dir/sub';

// What BuildKit 0.25 (Docker 28.5) had in /o/ after `COPY <pattern> /o/`.
const SOURCES: readonly (readonly [pattern: string, copied: string])[] = [
  ['nothing.*', ''],
  ['nothing', 'missing'],
  ['nodir/*.x', 'missing'],
  ['nodir/x', 'missing'],
  ['*.go', 'a.go b.go la.go'],
  ['la.go', 'la.go'],
  ['l*.go', 'la.go'],
  ['labs', 'labs'],
  ['dangling', 'missing'],
  ['esc', 'esc'],
  ['loop1', 'SYMLINK_LOOP'],
  ['ldir', DIR],
  ['ldir/', DIR],
  ['ldir/*', 'c.go d.txt e.go f.txt lc'],
  ['l*', 'SYMLINK_LOOP'],
  ['ldi*', DIR],
  ['dir2', DIR2],
  ['dir2/lsub', 'missing'],
  ['dir2/lsub2', 'e.go f.txt'],
  ['dir2/lsub2/e.go', 'e.go'],
  ['dir2/labsdir/sub', 'e.go f.txt'],
  ['dir2/ls*', 'missing'],
  ['d*', 'missing'],
  ['**/*.go', 'c.go'],
  ['dir/**/*.go', 'e.go'],
  ['*/c.go', 'c.go'],
  ['di[r]/c.go', 'c.go'],
  ['l*/c.go', ''],
  ['dir2/l*/e.go', ''],
  ['[[]x]', '[x]'],
  ['s*r', 's*r'],
  ['/dir/c.go', 'c.go'],
  ['../../dir/c.go', 'c.go'],
  ['./dir/./c.go', 'c.go'],
  ['dir/../a.go', 'a.go'],
  ['dir', DIR],
  ['dir/.', DIR],
  ['dir/sub/', 'e.go f.txt'],
  ['a.go/', 'a.go'],
  ['a.go/x', 'missing'],
  ['.*', '.hid'],
  ['[^a].go', 'b.go'],
  ['[a-b.go', 'DOCKERFILE_INVALID_VALUE'],
  ['dir/*/', 'c.go d.txt e.go f.txt lc'],
  ['?i*', 'c.go d.txt labsdir>/dir lc>c.go lsub2>../dir/sub lsub>dir/sub sub/ sub/e.go sub/f.txt'],
];

for (const [pattern, expected] of SOURCES) {
  test(`COPY ${pattern} selects ${expected || 'nothing'}`, () => assert.equal(copied(wildcards, pattern), expected));
}

test('the root selects everything, links as they are', () => {
  const everything = copied(wildcards, '.');
  assert.equal(everything, copied(wildcards, '/'));
  for (const path of ['.hid', 'dangling>nothing', 'dir/sub/f.txt', 'labs>/a.go', 'loop1>loop2', 's*r']) {
    assert.ok(everything.split(' ').includes(path), path);
  }
});

const excludes = makeTree(
  'excludes',
  [
    'a.go',
    'b.txt',
    'dir/c.go',
    'dir/d.txt',
    'dir/sub/e.go',
    'dir/sub/f.txt',
    'dir2/c.go',
    'dir2/x/y/z.txt',
    'empty/in/',
  ],
  { ldir: 'dir', 'dir/lc': 'c.go', 'dir/lsub': 'sub', 'la.go': 'a.go' },
);
const LINKS = 'lc>c.go lsub>sub';

// What BuildKit 0.25 (Docker 28.5) had in /o/ after `COPY --exclude=<a> --exclude=<b> <pattern> /o/`.
const EXCLUDES: readonly (readonly [exclude: readonly string[], pattern: string, copied: string])[] = [
  [['*.txt'], 'dir', `c.go ${LINKS} sub/ sub/e.go sub/f.txt`],
  [['**/*.txt'], 'dir', `c.go ${LINKS} sub/ sub/e.go`],
  [['dir'], 'dir', `c.go d.txt ${LINKS} sub/ sub/e.go sub/f.txt`],
  [['dir/*.txt'], 'dir', `c.go d.txt ${LINKS} sub/ sub/e.go sub/f.txt`],
  [['sub/*.txt'], 'dir', `c.go d.txt ${LINKS} sub/ sub/e.go`],
  [['sub'], 'dir', `c.go d.txt ${LINKS}`],
  [['sub', '!sub/e.go'], 'dir', `c.go d.txt ${LINKS} sub/ sub/e.go`],
  [['*', '!sub/e.go'], 'dir', 'sub/ sub/e.go'],
  [['b.txt'], 'b.txt', 'b.txt'],
  [['*.txt'], '*.txt', 'b.txt'],
  [['sub/f.txt'], 'd*', `c.go d.txt ${LINKS} sub/ sub/e.go x/ x/y/ x/y/z.txt`],
  [['dir/sub/f.txt'], 'd*', `c.go d.txt ${LINKS} sub/ sub/e.go sub/f.txt x/ x/y/ x/y/z.txt`],
  [['/sub'], 'dir', `c.go d.txt ${LINKS} sub/ sub/e.go sub/f.txt`],
  [['sub/'], 'dir', `c.go d.txt ${LINKS}`],
  [['.'], 'dir', `c.go d.txt ${LINKS} sub/ sub/e.go sub/f.txt`],
  [['./sub'], 'dir', `c.go d.txt ${LINKS}`],
  [['**'], 'dir', ''],
  [['lc'], 'dir', 'c.go d.txt lsub>sub sub/ sub/e.go sub/f.txt'],
  [['c.go'], 'ldir', `d.txt ${LINKS} sub/ sub/e.go sub/f.txt`],
];

for (const [exclude, pattern, expected] of EXCLUDES) {
  test(`COPY --exclude=${exclude.join(' --exclude=')} ${pattern} selects ${expected || 'nothing'}`, () => {
    assert.equal(copied(excludes, pattern, { exclude: new PatternMatcher(exclude) }), expected);
  });
}

// By BuildKit's source (dockerfile2llb/convert_copy.go and fsutil/copy), "COPY --parents".
const PARENTS: readonly (readonly [pattern: string, copied: string])[] = [
  ['dir/c.go', 'dir/ dir/c.go'],
  ['dir/sub', 'dir/ dir/sub/ dir/sub/e.go dir/sub/f.txt'],
  ['dir/*.go', 'dir/ dir/c.go'],
  ['**/*.go', 'a.go dir/ dir/c.go dir/sub/ dir/sub/e.go dir2/ dir2/c.go la.go>a.go'],
  ['./dir/./sub/e.go', 'sub/ sub/e.go'],
  ['dir/./sub/e.go', 'sub/ sub/e.go'],
  ['d*/./c.go', 'c.go'],
  ['d*/./**/*.txt', 'd.txt sub/ sub/f.txt x/ x/y/ x/y/z.txt'],
  ['/dir/sub/e.go', 'dir/ dir/sub/ dir/sub/e.go'],
  ['ldir/c.go', 'missing'],
  ['ldir', 'ldir>dir'],
  ['ldir/./c.go', 'c.go'],
  ['nothing', 'missing'],
  ['nothing*', ''],
  ['nothing/./x', 'missing'],
  ['dir/nothing', 'missing'],
  ['empty', 'empty/ empty/in/'],
  ['em*/in', 'empty/ empty/in/'],
  ['dir/../dir2/c.go', 'dir2/ dir2/c.go'],
  ['../dir/c.go', 'dir/ dir/c.go'],
];

for (const [pattern, expected] of PARENTS) {
  test(`COPY --parents ${pattern} selects ${expected || 'nothing'}`, () => {
    assert.equal(copied(excludes, pattern, { parents: true }), expected);
  });
}

test('--parents and --exclude work together, both relative to the pivot', () => {
  const exclude = new PatternMatcher(['sub/e.go']);
  assert.equal(copied(excludes, 'dir/./sub', { parents: true, exclude }), 'sub/ sub/f.txt');
});

test('an escaped character is found, a name with a backslash too, and a literal path is taken as it stands', () => {
  const tree = makeTree('escapes', ['s*r', 'sxr', 'b\\\\s', 'd/[x]'], {});
  assert.equal(copied(tree, 's\\*r'), 's*r');
  assert.equal(copied(tree, 'b\\\\s'), 'b\\\\s');
  assert.equal(copied(tree, 'd/[x]', { literal: true }), '[x]');
  assert.equal(copied(tree, 's*r', { literal: true }), 's*r');
  assert.equal(copied(tree, 's?r', { literal: true }), 'missing');
});

test('a selected directory comes with itself, and parents come before what is in them', () => {
  const match = selectFiles(excludes, 'dir')?.matches[0];
  assert.equal(match?.source.path, 'dir');
  assert.deepEqual(
    match?.entries.map(({ relativePath }) => relativePath),
    ['c.go', 'd.txt', 'lc', 'lsub', 'sub', 'sub/e.go', 'sub/f.txt'],
  );
});
