import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseFields } from './package-index.mjs';

/** @typedef {{ types: string[], uris: string[], suites: string[], components: string[] }} AptSource */

const DEFAULT_MIRROR = 'http://deb.debian.org/debian';

/**
 * Mirrors of Debian's main archive that this machine is set up to use, the likeliest first. Other people's
 * archives may be among them: whoever opens one checks its signature and its Origin.
 * @param {string} [etc] apt's folder
 * @returns {string[]} URLs without a slash at the end; Debian's own mirror where apt names none
 */
export function machineMirrors(etc = '/etc/apt') {
  const mirrors = mirrorsOf(readAptSources(etc)).flatMap(expandMirrorList);
  return mirrors.length > 0 ? mirrors : [DEFAULT_MIRROR];
}

/**
 * The http, https and file locations of plain Debian suites with a main component.
 * @param {readonly AptSource[]} sources
 */
export function mirrorsOf(sources) {
  const mirrors = sources
    .filter(({ types, components }) => types.includes('deb') && components.includes('main'))
    // Security and third parties keep archives of their own: bookworm-security, bookworm-pgdg.
    .filter(({ suites }) => suites.some((suite) => /^[a-z]+(-updates|-backports)?$/.test(suite)))
    .flatMap(({ uris }) => uris)
    .filter((uri) => /^(https?|file|mirror\+(https?|file)):/.test(uri))
    .map((uri) => uri.replace(/\/+$/, ''));
  const isLikely = (uri) => /\/debian$|debian\.list$/.test(uri);
  return [...new Set([...mirrors.filter(isLikely), ...mirrors.filter((uri) => !isLikely(uri))])];
}

// apt-transport-mirror(1): a list of mirrors, each line a URI and what it is good for. Debian's cloud images use it.
function expandMirrorList(uri) {
  if (!uri.startsWith('mirror+')) return [uri];
  if (!uri.startsWith('mirror+file:')) return [];
  return readFileSync(fileURLToPath(uri.slice('mirror+'.length)), 'utf8')
    .split('\n')
    .map((line) => line.split(/[\s#]/)[0].replace(/\/+$/, ''))
    .filter((line) => /^https?:/.test(line));
}

/** @returns {AptSource[]} */
function readAptSources(etc) {
  const sources = [];
  const read = (path) => {
    const text = readIfPresent(path);
    sources.push(...(path.endsWith('.sources') ? parseDeb822Sources(text) : parseSourcesList(text)));
  };
  for (const name of namesIn(`${etc}/sources.list.d`).sort()) {
    if (/^[A-Za-z0-9_.-]+\.(list|sources)$/.test(name)) read(`${etc}/sources.list.d/${name}`);
  }
  read(`${etc}/sources.list`);
  return sources;
}

function readIfPresent(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EACCES') return '';
    throw error;
  }
}

function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EACCES') return [];
    throw error;
  }
}

/**
 * The one-line form, sources.list(5): `deb [options] uri suite component…`.
 * @param {string} text
 * @returns {AptSource[]}
 */
export function parseSourcesList(text) {
  const sources = [];
  for (const line of text.split('\n')) {
    const match = /^\s*(deb|deb-src)\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (match) sources.push({ types: [match[1]], uris: [match[2]], suites: [match[3]], components: words(match[4]) });
  }
  return sources;
}

/**
 * The deb822 form: paragraphs with Types, URIs, Suites, Components.
 * @param {string} text
 * @returns {AptSource[]}
 */
export function parseDeb822Sources(text) {
  return text
    .split(/\n[ \t]*\n/)
    .map(parseFields)
    .filter((fields) => fields.has('uris') && !/^(no|false|off|disable|0)$/i.test(fields.get('enabled') ?? ''))
    .map((fields) => ({
      types: words(fields.get('types')),
      uris: words(fields.get('uris')),
      suites: words(fields.get('suites')),
      components: words(fields.get('components')),
    }));
}

function words(text = '') {
  return text.split(/\s+/).filter((word) => word !== '');
}
