/**
 * @typedef {object} DebianPackage one paragraph of a Packages file
 * @property {string} name
 * @property {string} version
 * @property {string} architecture
 * @property {string} [preDepends]
 * @property {string} [depends]
 * @property {string} filename path below the mirror
 * @property {number} size bytes of the .deb
 * @property {string} sha256 of the .deb
 * @property {string} [mirror] where it comes from; set by who opened the suite
 * @property {string} paragraph as it stands in the index; one character a byte, so that no bytes are lost
 */

/**
 * @typedef {object} PackageIndex
 * @property {(name: string) => DebianPackage[]} versions of a real package; empty where there is none
 * @property {(name: string) => { package: DebianPackage, version: string | undefined }[]} providers of a virtual one
 * @property {(field: string, value: string) => DebianPackage[]} withField packages with exactly this line
 * @property {() => IterableIterator<string>} names
 */

/**
 * Indexes the text of a Packages file without parsing each of its 70,000 paragraphs.
 * @param {string} text one character a byte ("latin1")
 * @param {string} [mirror]
 * @returns {PackageIndex}
 */
export function indexPackages(text, mirror) {
  const [places, provided] = findParagraphs(text);
  const at = ([start, end]) => parsePackage(text.slice(start, end), mirror);
  return {
    names: () => places.keys(),
    versions: (name) => (places.get(name) ?? []).map(at),
    providers: (name) => (provided.get(name) ?? []).map(({ place, version }) => ({ package: at(place), version })),
    withField: (field, value) => [...paragraphsWith(text, `\n${field}: ${value}\n`)].map(at),
  };
}

function findParagraphs(text) {
  const places = new Map();
  const provided = new Map();
  for (let start = 0; start < text.length; ) {
    const gap = text.indexOf('\n\n', start);
    const end = gap < 0 ? text.length : gap + 1;
    const name = /^Package: (\S+)/.exec(text.slice(start, start + 200))?.[1];
    if (name !== undefined) append(places, name, [start, end]);
    start = end + 1;
  }
  for (let hit = text.indexOf('\nProvides: '); hit >= 0; hit = text.indexOf('\nProvides: ', hit + 1)) {
    const place = paragraphAround(text, hit);
    const line = text.slice(hit + '\nProvides: '.length, text.indexOf('\n', hit + 1));
    for (const item of line.split(',')) {
      const match = /^\s*([^\s(:]+)(?::\w+)?(?:\s*\(=\s*([^)\s]+)\s*\))?\s*$/.exec(item);
      if (match) append(provided, match[1], { place, version: match[2] });
    }
  }
  return [places, provided];
}

function* paragraphsWith(text, line) {
  for (let hit = text.indexOf(line); hit >= 0; hit = text.indexOf(line, hit + 1)) yield paragraphAround(text, hit);
}

function paragraphAround(text, offset) {
  const before = text.lastIndexOf('\n\n', offset);
  const after = text.indexOf('\n\n', offset + 1);
  return [before < 0 ? 0 : before + 2, after < 0 ? text.length : after + 1];
}

function append(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** @returns {DebianPackage} */
function parsePackage(paragraph, mirror) {
  const fields = parseFields(paragraph);
  return {
    name: fields.get('package') ?? '',
    version: fields.get('version') ?? '',
    architecture: fields.get('architecture') ?? '',
    preDepends: fields.get('pre-depends'),
    depends: fields.get('depends'),
    filename: fields.get('filename') ?? '',
    size: Number(fields.get('size')),
    sha256: fields.get('sha256') ?? '',
    mirror,
    paragraph,
  };
}

/**
 * The fields of one deb822 paragraph, names in lower case. Lines that continue a field keep their line
 * breaks; comments are dropped.
 * @param {string} paragraph
 * @returns {Map<string, string>}
 */
export function parseFields(paragraph) {
  const fields = new Map();
  let last;
  for (const line of paragraph.split('\n')) {
    if (line.startsWith('#')) continue;
    if (/^[ \t]/.test(line)) {
      if (last !== undefined) fields.set(last, `${fields.get(last)}\n${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    last = line.slice(0, colon).toLowerCase();
    fields.set(last, line.slice(colon + 1).trim());
  }
  return fields;
}
