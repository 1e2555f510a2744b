/** Sections of a YAML file, read with places. Loads a YAML parser: import this where a file is there to be read. */
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import { KnownError } from '../diagnostics/known-error.ts';
import type { SourceRange } from '../diagnostics/source-range.ts';
import { SourceText } from '../diagnostics/source-text.ts';

/** A scalar with its place. */
export interface YamlValue {
  readonly text: string;
  readonly range: SourceRange;
  readonly source: string;
}

/** A map of YAML whose values are read by kind. Each reader gives undefined for a key that is not there. @throws KnownError CONFIG_INVALID */
export interface YamlMap {
  keys(): readonly YamlValue[];
  boolean(key: string): boolean | undefined;
  oneOf<const T extends string>(key: string, known: readonly T[]): T | undefined;
  /** A string or a number, as it is written. */
  scalar(key: string): YamlValue | undefined;
  strings(key: string): readonly string[] | undefined;
  map(key: string): YamlMap | undefined;
}

/** A named map at the top of a YAML file; undefined when it is not there. @throws KnownError CONFIG_INVALID */
export function readYamlSection(
  text: string,
  { file, name }: { readonly file: string; readonly name: string },
): YamlMap | undefined {
  const source = new SourceText(file, text);
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw invalid(source, error.message.split('\n')[0] ?? 'This is no YAML.', error.pos);
  const { contents } = document;
  if (contents === null) return undefined;
  if (!isMap(contents)) throw invalid(source, `${file} holds no map at its top.`, [0, 0]);
  return new DocumentMap(contents, source).map(name);
}

type Place = readonly [number, number];

class DocumentMap implements YamlMap {
  readonly #map: YAMLMap;
  readonly #source: SourceText;

  constructor(map: YAMLMap, source: SourceText) {
    this.#map = map;
    this.#source = source;
  }

  keys(): readonly YamlValue[] {
    return this.#map.items.map((pair) => this.#value((pair as Pair<Scalar>).key));
  }

  boolean(key: string): boolean | undefined {
    const node = this.#node(key);
    if (node === undefined) return undefined;
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    throw this.#wrong(key, node, 'true or false');
  }

  oneOf<const T extends string>(key: string, known: readonly T[]): T | undefined {
    const node = this.#node(key);
    if (node === undefined) return undefined;
    // YAML 1.1 reads `off` as a boolean; version 1.2, which is read here, as a word. `false` is as clear.
    const text = isScalar(node) ? String(node.value === false ? 'off' : node.value) : '';
    const found = known.find((candidate) => candidate === text);
    if (found !== undefined) return found;
    throw this.#wrong(key, node, `one of ${known.join(', ')}`);
  }

  scalar(key: string): YamlValue | undefined {
    const node = this.#node(key);
    if (node === undefined) return undefined;
    if (isScalar(node) && ['string', 'number'].includes(typeof node.value)) return this.#value(node as Scalar);
    throw this.#wrong(key, node, 'a string or a number');
  }

  strings(key: string): readonly string[] | undefined {
    const node = this.#node(key);
    if (node === undefined) return undefined;
    if (!isSeq(node)) throw this.#wrong(key, node, 'a list of strings');
    return node.items.map((item) => {
      if (isScalar(item) && typeof item.value === 'string') return item.value;
      throw this.#wrong(key, item as Node, 'a list of strings');
    });
  }

  map(key: string): YamlMap | undefined {
    const node = this.#node(key);
    if (node === undefined || (isScalar(node) && node.value === null)) return undefined;
    if (!isMap(node)) throw this.#wrong(key, node, 'a map');
    return new DocumentMap(node, this.#source);
  }

  #node(key: string): Node | undefined {
    return (this.#map.get(key, true) as Node | undefined) ?? undefined;
  }

  #value(key: Scalar): YamlValue {
    const [start, end] = key.range ?? [0, 0];
    return { text: String(key.value), range: this.#source.rangeOf(start, end), source: this.#source.text };
  }

  #wrong(key: string, node: Node, expected: string): KnownError {
    const [start = 0, end = 0] = node.range ?? [];
    return invalid(this.#source, `"${key}" is not ${expected}.`, [start, end]);
  }
}

function invalid(source: SourceText, message: string, [start, end]: Place): KnownError {
  const range = source.rangeOf(start, end);
  return new KnownError('CONFIG_INVALID', message, { range }).within(source.text);
}
