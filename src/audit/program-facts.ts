import type { ByteSource } from '../elf/byte-source.ts';
import { type ElfFile, readElf } from '../elf/read-elf.ts';
import { goBuildInfo } from '../golang/go-build-info.ts';
import { type FunctionSize, goFunctions } from '../golang/go-functions.ts';
import { linkedTlsClient } from '../golang/linked-tls-client.ts';
import type { GoProgramFacts, ProgramFacts } from './audited-image.ts';

/** undefined when it is no ELF file that holds together. */
export function programFacts(source: ByteSource): ProgramFacts | undefined {
  const elf = readElf(source);
  return elf && { elf, go: goFacts(source, elf) };
}

function goFacts(source: ByteSource, elf: ElfFile): GoProgramFacts | undefined {
  const buildInfo = goBuildInfo(source, elf);
  const functions = functionsOf(source, elf);
  if (!buildInfo && !functions) return undefined;
  return {
    buildInfo,
    packages: new Set(functions?.map(({ packageName }) => packageName)),
    tlsClient: functions && linkedTlsClient(functions),
    loadsTimeZones: functions?.some(({ name }) => name === 'time.LoadLocation') ?? false,
  };
}

function functionsOf(source: ByteSource, elf: ElfFile): readonly FunctionSize[] | undefined {
  try {
    return goFunctions(source, elf);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
