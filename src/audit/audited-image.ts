import type { ImageTree } from '../contents/image-tree.ts';
import type { LayerEntry } from '../contents/layer-entry.ts';
import type { ElfFile } from '../elf/read-elf.ts';
import type { GoBuildInfo } from '../golang/go-build-info.ts';
import type { ImageConfig } from '../image/image-config.ts';
import type { SecretFinding } from '../secret/secret-finding.ts';

/** A program's file, as far as it matters whether and how it runs. */
export interface ProgramFacts {
  readonly elf: ElfFile;
  /** Of a Go program. */
  readonly go: GoProgramFacts | undefined;
}

export interface GoProgramFacts {
  readonly buildInfo: GoBuildInfo | undefined;
  /** Import paths that it has code of. */
  readonly packages: ReadonlySet<string>;
  /** What in it is a client of TLS; undefined for a server alone. */
  readonly tlsClient: string | undefined;
  /** `time.LoadLocation` is in it: somebody calls it. */
  readonly loadsTimeZones: boolean;
}

/** A secret in a file of a layer, also of one that later layers hide. */
export interface FileSecret {
  readonly path: string;
  /** One-based, lowest first. */
  readonly layer: number;
  /** undefined where the name of the file alone tells. */
  readonly finding: SecretFinding | undefined;
  readonly title: string;
}

export interface AuditedLayer {
  readonly instruction: string;
  readonly sizeBytes: number;
  readonly entries: readonly LayerEntry[];
}

/** Everything that the checks look at, read once. Plain data but for the tree. */
export interface AuditedImage {
  readonly name: string;
  readonly id: string;
  readonly config: ImageConfig;
  readonly attestations: readonly string[];
  readonly layers: readonly AuditedLayer[];
  readonly tree: ImageTree;
  readonly sizeBytes: number;
  /** By hash of the content. */
  readonly programs: ReadonlyMap<string, ProgramFacts>;
  /** The first line of scripts (`#!/bin/sh`), by hash of the content. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Small files that checks read whole (`etc/passwd`, `etc/ld.so.conf`), by hash of the content. */
  readonly texts: ReadonlyMap<string, string>;
  readonly secrets: readonly FileSecret[];
  /** Milliseconds since the epoch, for ages. */
  readonly nowMs: number;
}
