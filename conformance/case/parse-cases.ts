/**
 * Reads a file of cases. A case starts with `=== its name`; lines `key: value` say its options; each `--- path` starts a
 * file of its context that reaches to the next such line. docs/conformance.md describes the form.
 */
import { ARCHIVE_COMPRESSIONS, CASE_NEEDS, type CaseFile, type ConformanceCase } from './conformance-case.ts';
import { splitArguments } from './split-arguments.ts';

interface Block {
  readonly header: string;
  readonly lines: string[];
}

/** @throws Error that names the case when a line means nothing. */
export function parseCases(group: string, text: string): ConformanceCase[] {
  const cases = blocks(text.split('\n'), '=== ').map(({ header, lines }) => {
    try {
      return parseCase(group, header, lines);
    } catch (error) {
      throw new Error(`${group}/${header}: ${(error as Error).message}`);
    }
  });
  const names = new Set<string>();
  for (const { name } of cases) {
    if (names.has(name)) throw new Error(`${group} has two cases named "${name}"`);
    names.add(name);
  }
  return cases;
}

function blocks(lines: readonly string[], marker: string): Block[] {
  const found: Block[] = [];
  for (const line of lines) {
    if (line.startsWith(marker)) found.push({ header: line.slice(marker.length).trim(), lines: [] });
    else found.at(-1)?.lines.push(line);
  }
  return found;
}

function parseCase(group: string, name: string, lines: readonly string[]): ConformanceCase {
  const first = lines.findIndex((line) => line.startsWith('--- '));
  const options = parseOptions(first < 0 ? lines : lines.slice(0, first));
  return {
    group,
    name,
    args: splitArguments(options.get('args') ?? ''),
    env: Object.fromEntries(splitArguments(options.get('env') ?? '').map(assignment)),
    context: options.get('context') ?? 'context',
    stdin: options.get('stdin'),
    files: blocks(lines, '--- ').map(parseFile),
    differs: options.get('differs'),
    unprivileged: options.get('unprivileged'),
    isSample: options.has('sample'),
    needs: CASE_NEEDS.filter((need) => options.get('needs')?.split(' ').includes(need)),
  };
}

const KEYS = ['args', 'env', 'context', 'stdin', 'differs', 'unprivileged', 'sample', 'needs'];

function parseOptions(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines
      .filter((line) => line.trim() !== '' && !line.startsWith('#'))
      .map((line) => {
        const [, key = '', value = ''] = /^(\w+)(?::\s*(.*))?$/.exec(line) ?? [];
        if (!KEYS.includes(key)) throw new Error(`the option ${JSON.stringify(line)} is not known`);
        return [key, value] as const;
      }),
  );
}

function assignment(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

function parseFile({ header, lines }: Block): CaseFile {
  const [path = '', ...rest] = splitArguments(header);
  const link = rest[0] === '->' || rest[0] === '=>' ? rest.splice(0, 2) : undefined;
  const attributes = new Map(rest.map((text) => (text.includes('=') ? assignment(text) : ([text, ''] as const))));
  const common = { path, ...numbers(attributes), ...extended(attributes) };
  if (link) return { ...common, type: link[0] === '->' ? 'symlink' : 'hardlink', target: link[1] ?? '' };
  if (attributes.has('fifo')) return { ...common, type: 'fifo' };
  if (path.endsWith('/')) return { ...common, type: 'directory' };
  const of = attributes.get('of');
  if (of === undefined) return { ...common, type: 'file', content: fileContent(lines, attributes) };
  const compression = ARCHIVE_COMPRESSIONS.find((kind) => kind === attributes.get('archive'));
  if (!compression) throw new Error(`${path} names no kind of archive`);
  return { ...common, type: 'archive', of, compression, owner: attributes.get('owner') ?? '0:0' };
}

function numbers(attributes: ReadonlyMap<string, string>): { mode?: number; mtime?: number } {
  const mode = attributes.get('mode');
  const mtime = attributes.get('mtime');
  return {
    ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
    ...(mtime === undefined ? {} : { mtime: Number(mtime) }),
  };
}

function extended(attributes: ReadonlyMap<string, string>): { xattrs?: Record<string, string> } {
  const found = [...attributes].filter(([key]) => key.startsWith('user.'));
  return found.length > 0 ? { xattrs: Object.fromEntries(found) } : {};
}

function fileContent(lines: readonly string[], attributes: ReadonlyMap<string, string>): Buffer {
  const size = attributes.get('size');
  if (size !== undefined) return Buffer.alloc(Number(size), 'slipway ');
  // The empty lines before the next case belong to nobody.
  let text = lines.join('\n').replace(/\n*$/, '');
  if (attributes.has('base64')) return Buffer.from(text, 'base64');
  if (text !== '' && !attributes.has('bare')) text += '\n';
  if (attributes.has('crlf')) text = text.replaceAll('\n', '\r\n');
  return Buffer.from(`${attributes.has('bom') ? '\uFEFF' : ''}${text}`);
}
