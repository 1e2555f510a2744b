/**
 * Whether this machine can build and run images, and installing what it lacks.
 */
import { readFileSync } from 'node:fs';
import { release, userInfo } from 'node:os';
import { captureCommand, hasCommand, runCommand } from './command.mjs';
import { note, QuickstartError } from './report.mjs';

const isRoot = process.getuid?.() === 0;

/** @param {{ useApt: boolean }} options */
export async function prepareMachine({ useApt }) {
  checkPlatform();
  note(`${machineName()}, Linux ${release()}, ${process.arch}, Node.js ${process.versions.node}, ${userName()}`);
  if (isRoot) {
    note('needs no package: root creates namespaces itself');
    return;
  }
  await installMissing(missingPackages(), useApt);
  checkUserNamespaces();
  checkSubordinateIds();
}

function checkPlatform() {
  if (process.platform !== 'linux') {
    throw new QuickstartError(
      `Slipway runs on Linux, not on ${process.platform}`,
      'use a Linux machine, or a virtual one',
    );
  }
}

function machineName() {
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(readText('/etc/os-release'))?.[1] ?? 'an unknown distribution';
}

/** The user's name; the number of one that has no entry in passwd(5), as in some containers. */
function userName() {
  try {
    return userInfo().username;
  } catch (error) {
    if (error.code !== 'ERR_SYSTEM_ERROR') throw error;
    return String(process.getuid());
  }
}

/** What an ordinary user needs beside Node.js: the set-uid programs that map subordinate ids. */
function missingPackages() {
  return hasCommand('newuidmap') && hasCommand('newgidmap') ? [] : ['uidmap'];
}

async function installMissing(packages, useApt) {
  if (packages.length === 0) {
    note('all packages are there');
    return;
  }
  const why = 'newuidmap and newgidmap give an ordinary user the ids that files in an image have';
  const command = `apt-get install ${packages.join(' ')}`;
  if (!useApt || !hasCommand('apt-get') || !maySudo()) {
    note(`missing: ${packages.join(', ')} (${why})`);
    note(`going on without; as root: ${command}`);
    return;
  }
  note(`installing with apt, by sudo: ${packages.join(', ')} (${why})`);
  const apt = ['-n', 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq'];
  const hint = `look at apt's message above; or install it yourself (${command}) and use --no-apt`;
  await runCommand('sudo', [...apt, 'update'], { hint });
  await runCommand('sudo', [...apt, 'install', '-y', '--no-install-recommends', ...packages], { hint });
}

/** sudo that would ask for a password is no sudo: the quickstart asks nothing. */
function maySudo() {
  return captureCommand('sudo', ['-n', 'true']) !== undefined;
}

function checkUserNamespaces() {
  if (captureCommand('unshare', ['--user', 'true']) !== undefined) return;
  throw new QuickstartError(
    'this machine does not let ordinary users create namespaces',
    'as root: sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0 ' +
      '(whichever of the two exists); or run the quickstart as root',
  );
}

function checkSubordinateIds() {
  const username = userName();
  const lacking = ['/etc/subuid', '/etc/subgid'].filter(
    (path) => !hasSubordinateIds(readText(path), username, process.getuid()),
  );
  if (lacking.length === 0) return;
  note(`no subordinate ids for ${username} in ${lacking.join(' and ')}: everything in a build will run under one id`);
  note(`for all ids, as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}`);
}

/**
 * Whether subuid(5) or subgid(5) gives a user enough ids for the users of an image.
 * @param {string} text
 * @param {string} username
 * @param {number} uid
 */
export function hasSubordinateIds(text, username, uid) {
  return text.split('\n').some((line) => {
    const [owner, , count] = line.split(':');
    return (owner === username || owner === String(uid)) && Number(count) >= 65536;
  });
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EACCES') return '';
    throw error;
  }
}
