import type { ExportType } from './export-spec.ts';
import type { Exporter } from './exporter.ts';

/** Every exporter, by its type; loaded when it is asked for. */
export const EXPORTERS: { readonly [Type in ExportType]: () => Promise<Exporter> } = {
  store: async () => (await import('./store-exporter.ts')).storeExporter,
  oci: async () => (await import('./archive-exporter.ts')).ociExporter,
  docker: async () => (await import('./archive-exporter.ts')).dockerExporter,
  registry: async () => (await import('./registry-exporter.ts')).registryExporter,
  local: async () => (await import('./files-exporter.ts')).localExporter,
  tar: async () => (await import('./files-exporter.ts')).tarExporter,
  cacheonly: async () => (await import('./cacheonly-exporter.ts')).cacheonlyExporter,
};
