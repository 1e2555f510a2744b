import { type MapNode, parentNode, prunedMap } from '../page/map-node.ts';
import type { FileSize, ImageSizes, ProgramSize } from './image-sizes.ts';

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: MapNode[];
}

/** What a container sees and what it does not, by layer, folder and file, Go programs by section, package and function. */
export function sizeMap(sizes: ImageSizes): MapNode {
  const programs = new Map(sizes.programs.map((program) => [program.path, program]));
  const layers = sizes.layers.map(({ number, instruction }) => {
    const files = sizes.files.filter(({ layer }) => layer === number);
    return parentNode(`${number}: ${instruction}`, folderNodes(files, programs), { isFixed: true });
  });
  const lost = sizes.wasted.map(({ path, sizeBytes }) => ({ name: path, sizeBytes }));
  const wasted = lost.length > 0 ? [parentNode('(wasted: replaced or deleted later)', lost, { isFixed: true })] : [];
  return prunedMap(parentNode('image', [...layers.filter(({ sizeBytes }) => sizeBytes > 0), ...wasted]));
}

function folderNodes(files: readonly FileSize[], programs: ReadonlyMap<string, ProgramSize>): readonly MapNode[] {
  const root: Folder = { folders: new Map(), files: [] };
  for (const { path, sizeBytes } of files) {
    const names = path.split('/');
    const name = names.pop() ?? '';
    const folder = names.reduce(folderIn, root);
    const program = programs.get(path);
    folder.files.push(program ? programNode(name, program) : { name, sizeBytes });
  }
  return nodesOf(root);
}

function folderIn({ folders }: Folder, name: string): Folder {
  const known = folders.get(name);
  if (known) return known;
  const made: Folder = { folders: new Map(), files: [] };
  folders.set(name, made);
  return made;
}

function nodesOf({ folders, files }: Folder): readonly MapNode[] {
  return [...[...folders].map(([name, folder]) => parentNode(name, nodesOf(folder))), ...files];
}

/** Code is shown by package; what is neither a section nor code is the file's own structure. */
function programNode(name: string, { sizeBytes, sections, packages }: ProgramSize): MapNode {
  const code = packages.map((each) => parentNode(each.name, each.functions, { isFixed: true }));
  const other = sections.filter((section) => section.name !== '(code)');
  const known = [...code, ...other];
  const rest = sizeBytes - known.reduce((sum, node) => sum + node.sizeBytes, 0);
  return parentNode(name, rest > 0 ? [...known, { name: '(rest)', sizeBytes: rest }] : known, { isFixed: true });
}
