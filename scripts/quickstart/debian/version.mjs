/**
 * Orders two Debian versions as deb-version(7) does: epoch, upstream version, revision.
 * @param {string} a
 * @param {string} b
 * @returns {number} negative, zero or positive
 */
export function compareVersions(a, b) {
  const [left, right] = [splitVersion(a), splitVersion(b)];
  return (
    left.epoch - right.epoch || comparePart(left.upstream, right.upstream) || comparePart(left.revision, right.revision)
  );
}

/**
 * Whether `version` satisfies a relation such as `>= 1.2` of a Depends field.
 * @param {string} version
 * @param {string} operator one of `<<`, `<=`, `=`, `>=`, `>>`
 * @param {string} wanted
 */
export function satisfiesVersion(version, operator, wanted) {
  const order = compareVersions(version, wanted);
  switch (operator) {
    case '<<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '>=':
      return order >= 0;
    case '>>':
      return order > 0;
    default:
      throw new Error(`unknown relation "${operator}" of a Debian version`);
  }
}

function splitVersion(version) {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon > 0 ? Number(version.slice(0, colon)) : 0,
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

// deb-version(7), "Sorting algorithm": runs of non-digits and runs of digits in turns.
function comparePart(a, b) {
  const [left, right] = [runs(a), runs(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i] ?? '', right[i] ?? ''];
    const order = i % 2 === 0 ? compareText(x, y) : compareNumber(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

/** Non-digits at even places, digits at odd ones; either may be empty at the ends. */
function runs(text) {
  return text.split(/(\d+)/);
}

function compareText(a, b) {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = weight(a[i]) - weight(b[i]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A tilde sorts before the end, the end before letters, letters before everything else. */
function weight(character) {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

// Digits may be more than a number holds exactly (20260101123456789), so they are compared as text.
function compareNumber(a, b) {
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0);
}
