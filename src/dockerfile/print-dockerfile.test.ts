// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the language under test writes its variables so
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { KnownError } from '../diagnostics/known-error.ts';
import type { Dockerfile, Instruction } from './ast.ts';
import { parseDockerfile } from './dockerfile.ts';
import { printDockerfile } from './print-dockerfile.ts';

const blank = fc.constantFrom(' ', ' ', '  ', '\t', ' \\\n', ' \\\n# why\n  ');
const word = fc.constantFrom('a', '/x/y', '$v', '${v:-w}', '"q r"', 'b=c', 'é', '[', '-x', 'a\\ b', '\\\\');
const words = fc.array(fc.tuple(blank, word), { minLength: 1, maxLength: 5 }).map((pairs) => pairs.flat().join(''));
const json = fc.array(fc.string(), { minLength: 2, maxLength: 4 }).map((list) => ` ${JSON.stringify(list)}`);
const pairs = fc.array(fc.tuple(blank, fc.constantFrom('A=1', 'B="x y"', "C='$d'", 'D=', 'E=a\\ b')), { minLength: 1 });
const document = fc
  .array(fc.constantFrom('text $v', '', '\ttab', '# no comment', '\\', 'RUN x'))
  .map((lines) => lines.join('\n'));
const heredoc = fc
  .tuple(fc.constantFrom('<<EOF', '<<-EOF', '<<"EOF"', '3<<EOF'), document)
  .map(([open, text]) => ({ open, rest: `\n${text}${text === '' ? '' : '\n'}EOF` }));

const instruction = fc.oneof(
  fc
    .tuple(fc.constantFrom('RUN', 'cmd', 'ENTRYPOINT', 'HEALTHCHECK --interval=5s CMD'), fc.oneof(words, json))
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom('RUN --mount="type=cache,target=/a b"', 'RUN --network=none --', 'ONBUILD RUN'), words)
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom('COPY --from=x --link', 'ADD', 'ONBUILD COPY'), fc.oneof(words, json))
    .map(([name, list]) => `${name} src${list}`),
  fc
    .tuple(fc.constantFrom('RUN cat', 'COPY', 'ONBUILD ADD'), heredoc)
    .map(([name, { open, rest }]) => `${name} ${open} /x${rest}`),
  fc.tuple(fc.constantFrom('ENV', 'LABEL', 'ARG'), pairs).map(([name, list]) => `${name}${list.flat().join('')}`),
  fc.tuple(fc.constantFrom('ENV', 'LABEL'), words).map(([name, list]) => `${name} key${list}`),
  fc
    .tuple(fc.constantFrom('WORKDIR', 'USER', 'STOPSIGNAL', 'EXPOSE', 'VOLUME', 'MAINTAINER'), words)
    .map((parts) => parts.join('')),
  fc.constantFrom(
    'SHELL ["/bin/sh", "-c"]',
    'HEALTHCHECK NONE',
    '',
    '# a comment',
    '#',
    'FROM a AS b',
    'CMD',
    'ONBUILD RUN x  ',
  ),
);
const file = fc
  .tuple(
    fc.constantFrom('', '# escape=`\n', '# syntax=a/b:1\n', '#\n# escape=`\n'),
    fc.array(instruction),
    fc.constantFrom('\n', ' \\', ''),
  )
  .map(([top, lines, end]) => `${top}FROM scratch\n${lines.join('\n')}${end}`);

describe('printDockerfile', () => {
  test('prints what parses to the same tree, ranges aside', () => {
    let parsed = 0;
    const property = fc.property(file, (source) => {
      const tree = tryParse(source);
      if (!tree) return;
      parsed++;
      assert.deepEqual(plain(parseDockerfile(printDockerfile(tree))), plain(tree));
    });
    fc.assert(property, { numRuns: 1500 });
    assert.ok(parsed > 300, `only ${parsed} files were valid`);
  });

  test('prints an instruction that a program made', () => {
    const tree = parseDockerfile('FROM scratch\nRUN --network=none   a\nCOPY a b /c\n');
    const changed = tree.instructions.map((instruction): Instruction => {
      if (instruction.kind === 'COPY')
        return { ...instruction, sources: [{ ...instruction.destination, text: 'x y' }] };
      if (instruction.kind !== 'RUN') return instruction;
      return { ...instruction, command: { form: 'exec', argv: ['/b', 'c"d'], range: instruction.range } };
    });
    assert.equal(
      printDockerfile({ ...tree, instructions: changed }),
      'FROM scratch\nRUN --network=none ["/b", "c\\"d"]\nCOPY ["x y", "/c"]\n',
    );
  });

  test('keeps the author’s spacing, joins continuations and sets stages apart', () => {
    const source = '# syntax=a\nFROM a  AS b\nRUN x   \\\n  && y\nFROM scratch\n';
    assert.equal(
      printDockerfile(parseDockerfile(source)),
      '# syntax=a\n\nFROM a  AS b\nRUN x     && y\n\nFROM scratch\n',
    );
  });

  test('keeps every document of a trigger, of one name too', () => {
    const source = 'FROM a\nONBUILD ADD <<E <<-E /x/\none\nE\n\ttwo\nE\n';
    assert.equal(printDockerfile(parseDockerfile(source)), source);
  });

  test('folds a line that would be too long', () => {
    const tree = parseDockerfile(`FROM scratch\nRUN ${'echo # a \\\n'.repeat(20_000)}b\n`);
    assert.deepEqual(plain(parseDockerfile(printDockerfile(tree))), plain(tree));
  });
});

function tryParse(source: string): Dockerfile | undefined {
  try {
    return parseDockerfile(source);
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}

function plain({ source: _, warnings: __, ...tree }: Dockerfile): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value) => (key === 'range' || key === 'keywordRange' ? undefined : value)),
  );
}
