import { ImageTree } from '../contents/image-tree.ts';
import { KeptContent } from '../contents/kept-content.ts';
import type { LayerEntry } from '../contents/layer-entry.ts';
import type { OpenedImage, OpenedLayer } from '../contents/opened-image.ts';
import { type FileVisitor, readLayer } from '../contents/read-layer.ts';
import { isElf } from '../elf/read-elf.ts';
import { layerInstructions } from '../image/layer-instructions.ts';
import { assignmentRuleFor, isTestPath, secretFileTitle } from '../secret/secret-file.ts';
import type { SecretFinding } from '../secret/secret-finding.ts';
import { SecretScanner } from '../secret/secret-scanner.ts';
import type { AuditedImage, AuditedLayer, FileSecret, ProgramFacts } from './audited-image.ts';
import { programFacts } from './program-facts.ts';

/** What checks read as text. */
const READ_WHOLE =
  /^etc\/(?:passwd|group|os-release|ld\.so\.conf|ld\.so\.conf\.d\/[^/]+|ld-musl-[^/]+\.path)$|^usr\/lib\/os-release$/;
const MOST_TEXT_BYTES = 1024 * 1024;
const SHEBANG_BYTES = 256;
/** Those of cryptography have keys built in with which they test themselves. */
const SHARED_LIBRARY = /\.so(?:\.[\d.]+)?$/;

/** What is seen of one file while its layer is read; kept by content hash afterwards. */
interface Seen {
  program?: ProgramFacts;
  script?: string;
  text?: string;
  secrets?: readonly SecretFinding[];
}

/** Reads every layer once. @throws KnownError LAYER_CORRUPT and what opening a layer throws */
export async function readAuditedImage(
  image: OpenedImage,
  { signal, nowMs }: { readonly signal: AbortSignal; readonly nowMs: number },
): Promise<AuditedImage> {
  const instructions = layerInstructions(image.config);
  const layers: AuditedLayer[] = [];
  const secrets: FileSecret[] = [];
  const byHash = new Map<string, Seen>();
  for (const [index, layer] of image.layers.entries()) {
    const read = await readSeen(layer, signal);
    for (const { entry, seen } of read.files) {
      secrets.push(...fileSecrets(entry, seen, index + 1));
      if (seen.program || seen.script !== undefined || seen.text !== undefined)
        byHash.set(entry.contentHash ?? '', seen);
    }
    layers.push({ instruction: instructions[index] ?? 'layer', sizeBytes: read.sizeBytes, entries: read.entries });
  }
  return {
    name: image.name,
    id: image.id,
    config: image.config,
    attestations: image.attestations,
    layers,
    tree: new ImageTree(layers.map(({ entries }) => entries)),
    sizeBytes: layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    programs: picked(byHash, ({ program }) => program),
    scripts: picked(byHash, ({ script }) => script),
    texts: picked(byHash, ({ text }) => text),
    secrets,
    nowMs,
  };
}

function picked<T>(seen: ReadonlyMap<string, Seen>, pick: (each: Seen) => T | undefined): ReadonlyMap<string, T> {
  return new Map(
    [...seen].flatMap(([hash, each]) => {
      const value = pick(each);
      return value === undefined ? [] : [[hash, value] as const];
    }),
  );
}

interface ReadFiles {
  readonly entries: readonly LayerEntry[];
  readonly sizeBytes: number;
  readonly files: readonly { readonly entry: LayerEntry; readonly seen: Seen }[];
}

async function readSeen(layer: OpenedLayer, signal: AbortSignal): Promise<ReadFiles> {
  const seen: Seen[] = [];
  const count = { bytes: 0 };
  const entries = await readLayer(counted(layer, count), {
    name: `layer ${layer.diffId}`,
    signal,
    visit(entry) {
      const each: Seen = {};
      seen.push(each);
      return together(visitorsOf(entry, each));
    },
  });
  const files = entries
    .filter(({ kind }) => kind === 'file')
    .map((entry, index) => ({ entry, seen: seen[index] ?? {} }));
  return { entries, sizeBytes: count.bytes, files };
}

async function* counted(layer: OpenedLayer, count: { bytes: number }): AsyncGenerator<Buffer> {
  for await (const chunk of layer.open()) {
    count.bytes += chunk.length;
    yield chunk;
  }
}

function visitorsOf(entry: LayerEntry, seen: Seen): readonly FileVisitor[] {
  const { path, sizeBytes } = entry;
  const visitors: FileVisitor[] = [
    new KeptContent(isElf, (source) => {
      const program = programFacts(source);
      if (program) seen.program = program;
    }),
    new KeptContent(
      (head) => head.toString('latin1', 0, 2) === '#!' && sizeBytes < MOST_TEXT_BYTES,
      (source) => {
        const head = source.read(0, Math.min(source.size, SHEBANG_BYTES)).toString('latin1');
        seen.script = head.split('\n', 1)[0] ?? '';
      },
    ),
  ];
  if (READ_WHOLE.test(path) && sizeBytes <= MOST_TEXT_BYTES) {
    visitors.push(
      new KeptContent(
        () => true,
        (source) => {
          seen.text = source.read(0, source.size).toString();
        },
      ),
    );
  }
  if (!isTestPath(path)) visitors.push(secretVisitor(path, seen));
  return visitors;
}

function secretVisitor(path: string, seen: Seen): FileVisitor {
  const scanner = new SecretScanner({ assignments: assignmentRuleFor(path) });
  return {
    write: (chunk) => scanner.write(chunk),
    finish() {
      const found = scanner.finish();
      if (found.length > 0) seen.secrets = found;
    },
  };
}

function together(visitors: readonly FileVisitor[]): FileVisitor {
  return {
    write: (chunk) => {
      for (const visitor of visitors) visitor.write(chunk);
    },
    finish: () => {
      for (const visitor of visitors) visitor.finish();
    },
    discard: () => {
      for (const visitor of visitors) visitor.discard?.();
    },
  };
}

function fileSecrets({ path, sizeBytes }: LayerEntry, { secrets = [] }: Seen, layer: number): FileSecret[] {
  const title = secretFileTitle(path);
  const own = secrets.filter(({ kind }) => kind !== 'private-key' || !SHARED_LIBRARY.test(path));
  const found = own.map((finding) => ({ path, layer, finding, title: finding.title }));
  if (found.length > 0 || title === undefined || sizeBytes === 0) return found;
  return [{ path, layer, finding: undefined, title }];
}
