import type { CgoUse } from '../module/go-module.ts';
import type { GoPackage } from '../module/go-packages.ts';

/** Packages that are or wrap C, and do not work without it, by the beginning of their path. */
const CGO_PACKAGES = [
  'github.com/confluentinc/confluent-kafka-go',
  'github.com/go-gl/gl',
  'github.com/godror/godror',
  'github.com/gographics/imagick',
  'github.com/google/gopacket/pcap',
  'github.com/gopacket/gopacket/pcap',
  'github.com/h2non/bimg',
  'github.com/davidbyttow/govips',
  'github.com/hajimehoshi/ebiten',
  'github.com/ibmdb/go_ibm_db',
  'github.com/jinzhu/gorm/dialects/sqlite',
  'github.com/libgit2/git2go',
  'github.com/linxGnu/grocksdb',
  'github.com/marcboeker/go-duckdb',
  'github.com/mattn/go-oci8',
  'github.com/mattn/go-sqlite3',
  'github.com/mutecomm/go-sqlcipher',
  'github.com/miekg/pkcs11',
  'github.com/otiai10/gosseract',
  'github.com/pebbe/zmq4',
  'github.com/tecbot/gorocksdb',
  'github.com/xeodou/go-sqlcipher',
  'gocv.io/x/gocv',
  'gopkg.in/confluentinc/confluent-kafka-go',
  'gorm.io/driver/sqlite',
  'rogchap.com/v8go',
];

/**
 * Where a program needs cgo: packages with `import "C"` that have nothing to build without it, and dependencies known
 * for it. A package that offers both builds without.
 */
export function cgoUses(packages: readonly GoPackage[]): readonly CgoUse[] {
  return packages.flatMap((found) => [...importsOfC(found), ...knownModules(found)]);
}

function importsOfC({ importPath, files }: GoPackage): readonly CgoUse[] {
  if (fallsBack(files)) return [];
  return files.flatMap(({ path, header }) => {
    const found = header.isBuilt.withCgo ? header.imports.find((imported) => imported.path === 'C') : undefined;
    return found ? [{ kind: 'import' as const, name: importPath, at: { path, line: found.line } }] : [];
  });
}

/** Files that are built only without cgo are what a package falls back on. */
function fallsBack(files: GoPackage['files']): boolean {
  return files.some(({ header }) => header.isBuilt.withoutCgo && !header.isBuilt.withCgo);
}

function knownModules({ files }: GoPackage): readonly CgoUse[] {
  const always = fallsBack(files) ? files.filter(({ header }) => header.isBuilt.withoutCgo) : files;
  return always.flatMap(({ path, header }) =>
    header.imports
      .filter((imported) =>
        CGO_PACKAGES.some((known) => imported.path === known || imported.path.startsWith(`${known}/`)),
      )
      .map((imported) => ({ kind: 'module' as const, name: imported.path, at: { path, line: imported.line } })),
  );
}
