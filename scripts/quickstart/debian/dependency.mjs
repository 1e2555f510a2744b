import { compareVersions, satisfiesVersion } from './version.mjs';

/** @typedef {import('./package-index.mjs').DebianPackage} DebianPackage */
/** @typedef {import('./package-index.mjs').PackageIndex} PackageIndex */
/** @typedef {{ name: string, operator?: string, version?: string }} Relation */

/**
 * Parses a Depends field: groups that must all be satisfied, each by any of its alternatives.
 * Architecture qualifiers (`:any`) are dropped, since there is one architecture only.
 * @param {string | undefined} field
 * @returns {Relation[][]}
 */
export function parseRelations(field) {
  if (!field) return [];
  return field
    .split(',')
    .filter((group) => group.trim() !== '')
    .map((group) => group.split('|').map(parseRelation));
}

function parseRelation(text) {
  const match = /^\s*([^\s(:[<]+)(?::\w+)?\s*(?:\(\s*(<<|<=|=|>=|>>)\s*([^)\s]+)\s*\))?/.exec(text);
  if (!match) throw new Error(`cannot read the dependency "${text.trim()}"`);
  return { name: match[1], operator: match[2], version: match[3] };
}

/**
 * The packages that `wanted` needs, themselves included, sorted by name. Alternatives and providers are chosen
 * deterministically: what is selected already, then the first alternative that exists, then the provider
 * first by name. Earlier indexes win over later ones, as a release wins over its backports. Recommends are left
 * out; Conflicts are not looked at, since a suite is consistent.
 *
 * @param {readonly PackageIndex[]} indexes
 * @param {readonly string[]} wanted names
 * @param {{ without?: ReadonlySet<string> }} [options] `without`: what counts as present and is not installed
 * @returns {DebianPackage[]}
 */
export function resolveDependencies(indexes, wanted, { without = new Set() } = {}) {
  const selected = new Map();
  const select = (found) => {
    if (selected.has(found.name)) return;
    selected.set(found.name, found);
    queue.push(found);
  };
  const queue = [];
  for (const name of wanted) select(demand(indexes, [{ name }], 'the image'));
  for (const next of queue) {
    for (const group of [...parseRelations(next.preDepends), ...parseRelations(next.depends)]) {
      if (
        group.some(({ name }) => without.has(name)) ||
        group.some((relation) => isPresent(indexes, selected, relation))
      ) {
        continue;
      }
      select(demand(indexes, group, next.name));
    }
  }
  return [...selected.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isPresent(indexes, selected, relation) {
  const real = selected.get(relation.name);
  if (real && matches(real.version, relation)) return true;
  return providersOf(indexes, relation).some((provider) => selected.get(provider.name)?.version === provider.version);
}

function demand(indexes, group, needer) {
  for (const relation of group) {
    const found = findReal(indexes, relation) ?? providersOf(indexes, relation)[0];
    if (found) return found;
  }
  const text = group
    .map(({ name, operator, version }) => (operator ? `${name} (${operator} ${version})` : name))
    .join(' | ');
  throw new Error(`${needer} needs ${text}, which Debian's archive does not have`);
}

/** The newest version of a real package in the first index that has one that fits. */
function findReal(indexes, relation) {
  for (const index of indexes) {
    const fitting = index.versions(relation.name).filter(({ version }) => matches(version, relation));
    if (fitting.length > 0) return fitting.reduce((a, b) => (compareVersions(a.version, b.version) < 0 ? b : a));
  }
  return undefined;
}

// Debian policy 7.5: an unversioned Provides does not satisfy a versioned dependency.
function providersOf(indexes, relation) {
  return indexes
    .flatMap((index) => index.providers(relation.name))
    .filter(({ version }) => !relation.operator || (version !== undefined && matches(version, relation)))
    .map((provider) => provider.package)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function matches(version, relation) {
  return !relation.operator || satisfiesVersion(version, relation.operator, relation.version);
}
