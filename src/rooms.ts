/**
 * The rooms under src/ and the rooms each one builds on directly; what those may import, it may import too. The border
 * test reads every import, types included, against this table. docs/architecture.md draws it.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  diagnostics: [],
  secret: ['diagnostics'],
  sarif: ['diagnostics'],
  system: ['diagnostics'],
  dockerfile: ['diagnostics'],
  golang: ['dockerfile'],
  shell: ['dockerfile'],
  context: ['system'],
  image: ['system'],
  rootfs: ['image', 'context'],
  distribution: ['rootfs'],
  exec: ['rootfs'],
  container: ['exec', 'distribution'],
  'build/progress': ['image'],
  'build/graph': ['image', 'dockerfile'],
  'build/frontend': ['build/graph'],
  'build/cache': ['rootfs', 'build/graph'],
  'build/solver': ['build/cache', 'build/progress'],
  'build/record': ['build/solver'],
  'build/ops': ['build/solver', 'exec', 'golang'],
  'build/export': ['build/cache', 'build/frontend', 'build/progress', 'distribution'],
  build: ['build/ops', 'build/export', 'build/record'],
  lint: ['build/frontend', 'shell', 'golang', 'context'],
  explain: ['build'],
  verify: ['build'],
  prune: ['container', 'build/cache'],
  index: ['explain', 'lint', 'verify', 'container', 'prune'],
  cli: ['index'],
};
