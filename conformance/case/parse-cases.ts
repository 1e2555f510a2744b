/**
 * Reads a file of cases. A case starts with `=== its name`; lines `key: value` say its options; each `--- path` starts a
 * file of its context that reaches to the next such line. docs/conformance.md describes the form.
 */
import {
  ARCHIVE_COMPRESSIONS,
  type ArchiveCompression,
  CASE_NEEDS,
  CASE_OUTPUTS,
  type CaseFile,
  type CaseOutput,
  type CaseTarEntry,
  type ConformanceCase,
} from './conformance-case.ts';
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
    ...parseOutput(options.get('output') ?? 'oci'),
    shows: options.get('shows')?.split(', ') ?? [],
    isLabs: options.has('labs'),
    differs: options.get('differs'),
    unprivileged: options.get('unprivileged'),
    isSample: options.has('sample'),
    needs: CASE_NEEDS.filter((need) => options.get('needs')?.split(' ').includes(need)),
  };
}

const KEYS = [
  ...['args', 'env', 'context', 'stdin', 'needs', 'output', 'shows'],
  ...['differs', 'unprivileged', 'sample', 'labs'],
];

function parseOutput(text: string): { output: CaseOutput; outputAttributes: string } {
  const [kind, ...attributes] = text.split(',');
  const output = CASE_OUTPUTS.find((known) => known === kind);
  if (!output) throw new Error(`the output ${JSON.stringify(kind)} is not known`);
  return { output, outputAttributes: attributes.map((attribute) => `,${attribute}`).join('') };
}

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
  if (!attributes.has('archive')) return { ...common, type: 'file', content: fileContent(lines, attributes) };
  const of = attributes.get('of');
  const compression = parseCompression(path, attributes.get('archive'));
  if (of === undefined) return { ...common, type: 'tar', entries: tarEntries(lines), compression };
  return { ...common, type: 'archive', of, compression, owner: attributes.get('owner') ?? '0:0' };
}

function parseCompression(path: string, text: string | undefined): ArchiveCompression {
  const compression = ARCHIVE_COMPRESSIONS.find((kind) => kind === text);
  if (!compression) throw new Error(`${path} names no kind of archive`);
  return compression;
}

/** A line an entry: its type, path and what differs from the usual. */
function tarEntries(lines: readonly string[]): CaseTarEntry[] {
  return lines.filter((line) => line.trim() !== '').map(tarEntry);
}

function tarEntry(line: string): CaseTarEntry {
  const [kind = 'f', path = '', ...rest] = splitArguments(line);
  const target = rest[0] === '->' ? (rest.splice(0, 2)[1] ?? '') : '';
  const values = new Map(rest.map(assignment));
  const [uid = 0, gid = uid] = (values.get('owner') ?? '0').split(':').map(Number);
  const known = ['mode', 'mtime', 'owner', 'content', 'device'];
  return {
    ...{ kind, path, target, uid, gid },
    content: (values.get('content') ?? '').replaceAll('\\n', '\n'),
    mode: Number.parseInt(values.get('mode') ?? (kind === 'd' ? '755' : '644'), 8),
    mtime: Number(values.get('mtime') ?? 1_580_702_706),
    device: values.get('device') ?? '0,0',
    pax: Object.fromEntries(
      [...values].flatMap(([key, value]) => (known.includes(key) ? [] : [[key.replace(/^pax:/, ''), value]])),
    ),
  };
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
