/**
 * Unpacks packages into one root filesystem, as a tar file, without dpkg, root or maintainer scripts: owners, modes,
 * links and times are those of the packages. What the scripts would have made comes from the recipe.
 *
 * It knows nothing of mirrors and versions. What surprises: /bin, /lib and the like are links into /usr, whichever of
 * the two a package says.
 */
import { rmSync } from 'node:fs';
import { readDebFiles, readDebMember } from './deb.mjs';
import { readTar, TarWriter } from './tar.mjs';

/** @typedef {import('./tar.mjs').TarEntry} TarEntry */

/**
 * @typedef {object} RootfsRecipe
 * @property {boolean} [isUsrMerged] whether /bin, /lib and so on are links into /usr; true unless said otherwise
 * @property {(path: string, entry: TarEntry) => string | undefined} place where a packaged file goes; undefined leaves
 *   it out
 * @property {(path: string) => boolean} remembers whether `finish` wants to read the file
 * @property {boolean} [keepsControl] whether `finish` wants the packages' control files; false unless said otherwise
 * @property {(files: ReadonlyMap<string, Buffer>, unpacked: Unpacked) => GeneratedEntry[]} finish entries that maintainer
 *   scripts would have made; what exists already is left as it is
 */

/**
 * @typedef {object} Unpacked by the names of packages
 * @property {ReadonlyMap<string, readonly string[]>} paths all that a package has, before `place`
 * @property {ReadonlyMap<string, ReadonlyMap<string, { content: Buffer, mode: number }>>} control
 */

/**
 * @typedef {object} GeneratedEntry root's, of the age of the first package, 0644 or 0755 unless said otherwise
 * @property {string} path
 * @property {Buffer | string} [content] makes it a file
 * @property {string} [target] makes it a symbolic link; with neither it is a directory
 * @property {string} [linkTo] makes it a hard link to this path
 * @property {number} [mode]
 * @property {number} [gid]
 */

/**
 * @param {{ packages: readonly { name: string, file: string }[], recipe: RootfsRecipe, output: string }} options
 *   packages in the order in which they are unpacked: where two have a directory, the first one's owner and mode stay
 * @returns {Promise<{ files: number }>}
 */
export async function writeRootfs({ packages, recipe, output }) {
  const tree = new RootfsTree(new TarWriter(output), recipe.isUsrMerged ?? true);
  try {
    const remembered = new Map();
    const unpacked = { paths: new Map(), control: new Map() };
    for (const { name, file } of packages) {
      const paths = [];
      for await (const { entry, content } of readTar(readDebFiles(file))) {
        tree.time ??= entry.mtime;
        if (entry.path !== '') paths.push(entry.path);
        await unpack(tree, recipe, remembered, { entry, content, owner: name });
      }
      unpacked.paths.set(name, paths);
      if (recipe.keepsControl) unpacked.control.set(name, await readControl(file));
    }
    for (const generated of recipe.finish(remembered, unpacked)) await tree.generate(generated);
    tree.close();
    return { files: tree.size };
  } catch (error) {
    tree.close();
    rmSync(output, { force: true });
    throw error;
  }
}

async function readControl(file) {
  const members = new Map();
  for await (const { entry, content } of readTar(readDebMember(file, 'control.tar'))) {
    if (entry.type === 'file') members.set(entry.path, { content: await collect(content()), mode: entry.mode });
  }
  return members;
}

async function unpack(tree, recipe, remembered, { entry, content, owner }) {
  const path = recipe.place(entry.path, entry);
  const isWanted = entry.type === 'file' && recipe.remembers(entry.path);
  if (path === undefined && !isWanted) return;
  let source = content();
  if (isWanted) {
    source = await collect(source);
    remembered.set(entry.path, source);
  }
  if (path === undefined) return;
  // A hard link goes where its target went.
  const target =
    entry.type === 'hardlink' ? recipe.place(entry.target, { ...entry, path: entry.target }) : entry.target;
  await tree.add({ ...entry, path, target }, source, owner);
}

async function collect(chunks) {
  const parts = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

const MERGED = /^(bin|sbin|lib|lib32|lib64|libo32|libx32)(?=\/|$)/;

class RootfsTree {
  #tar;
  #isUsrMerged;
  /** path → the package it is of, and its type */
  #entries = new Map();
  /** Seconds; the age of what no package has. @type {number | undefined} */
  time;

  constructor(tar, isUsrMerged) {
    this.#tar = tar;
    this.#isUsrMerged = isUsrMerged;
  }

  get size() {
    return this.#entries.size;
  }

  async add(entry, content, owner) {
    const path = this.#resolve(entry.path);
    const known = this.#entries.get(path);
    // The links themselves, which base-files has, or the folders that older packages have in their place.
    if (path !== entry.path && !entry.path.includes('/')) return this.#linkIntoUsr(entry.path, owner);
    if (known && (known.type === 'directory' || known.type === 'symlink') && entry.type === 'directory') return;
    if (known) throw new Error(`both ${known.owner} and ${owner} have /${path}`);
    await this.#addParents(path, owner);
    this.#entries.set(path, { owner, type: entry.type });
    const target = entry.type === 'hardlink' ? this.#resolve(entry.target) : entry.target;
    await this.#tar.add({ ...entry, path, target }, content);
  }

  /** @param {GeneratedEntry} generated */
  async generate({ path, content, target, linkTo, mode, gid = 0 }) {
    if (this.#entries.has(this.#resolve(path))) return;
    const type =
      linkTo !== undefined
        ? 'hardlink'
        : target !== undefined
          ? 'symlink'
          : content !== undefined
            ? 'file'
            : 'directory';
    const bytes = Buffer.from(content ?? '');
    const usual = { file: 0o644, hardlink: 0o644, directory: 0o755, symlink: 0o777 }[type];
    await this.add(
      {
        path,
        type,
        mode: mode ?? usual,
        uid: 0,
        gid,
        mtime: this.time ?? 0,
        size: bytes.length,
        target: linkTo ?? target,
      },
      bytes,
      'the image',
    );
  }

  close() {
    this.#tar.close();
  }

  #resolve(path) {
    return this.#isUsrMerged ? path.replace(MERGED, 'usr/$1') : path;
  }

  async #addParents(path, owner) {
    const slash = path.lastIndexOf('/');
    if (slash < 0) return;
    const parent = path.slice(0, slash);
    const known = this.#entries.get(parent);
    if (known && known.type !== 'directory') throw new Error(`${owner} has /${path}, but /${parent} is no directory`);
    if (!known) {
      await this.add(
        {
          path: parent,
          type: 'directory',
          mode: 0o755,
          uid: 0,
          gid: 0,
          mtime: this.time ?? 0,
          size: 0,
          target: undefined,
        },
        undefined,
        owner,
      );
    }
    await this.#linkTopFolder(path, owner);
  }

  /** /usr/lib64 and the like come with the link /lib64. */
  async #linkTopFolder(path, owner) {
    const top = /^usr\/([^/]+)\//.exec(path)?.[1];
    if (this.#isUsrMerged && top !== undefined && MERGED.test(top)) await this.#linkIntoUsr(top, owner);
  }

  async #linkIntoUsr(name, owner) {
    if (this.#entries.has(name)) return;
    this.#entries.set(name, { owner, type: 'symlink' });
    await this.#tar.add(
      {
        path: name,
        type: 'symlink',
        mode: 0o777,
        uid: 0,
        gid: 0,
        mtime: this.time ?? 0,
        size: 0,
        target: `usr/${name}`,
      },
      undefined,
    );
  }
}
