import { type Command, Option } from 'commander';
import { parseBool } from '../../dockerfile/go-number.ts';
import { csvFields, usageError } from './csv-fields.ts';

/** A flag of docker's that asks for nothing that could be done here. */
export interface ForeignFlag {
  readonly flags: string;
  /** What the reference says of it: what takes its place, or why nothing has to be done. */
  readonly instead: string;
  /** It asks for what is so anyway, and is taken; all others are errors. */
  readonly isTaken?: boolean;
}

const LIMITS = 'limit the whole build: systemd-run --user --scope -p MemoryMax=2G -p CPUQuota=150% slipway build …';
const ALWAYS_REMOVED = 'nothing of a step is kept but its files';

/** Flags of `docker buildx build` and of the older `docker build`, in docker's order. */
export const FOREIGN_FLAGS: readonly ForeignFlag[] = [
  { flags: '--builder <name>', instead: 'there are no builders to choose from: leave it away' },
  { flags: '--cgroup-parent <cgroup>', instead: LIMITS },
  { flags: '--compress', instead: 'files are read where they are, nothing is sent', isTaken: true },
  { flags: '--cpu-period <number>', instead: LIMITS },
  { flags: '--cpu-quota <number>', instead: LIMITS },
  { flags: '-c, --cpu-shares <number>', instead: LIMITS },
  { flags: '--cpuset-cpus <cpus>', instead: 'run the whole build on them: taskset -c 0,1 slipway build …' },
  { flags: '--cpuset-mems <nodes>', instead: 'run the whole build on them: numactl -m 0 slipway build …' },
  { flags: '--disable-content-trust', instead: 'no signatures are asked for', isTaken: true },
  { flags: '--force-rm', instead: ALWAYS_REMOVED, isTaken: true },
  { flags: '-m, --memory <size>', instead: LIMITS },
  { flags: '--memory-swap <size>', instead: LIMITS },
  { flags: '--policy <spec>', instead: 'there are no policies of sources: pin base images by digest' },
  { flags: '--print <method>', instead: 'write --call METHOD' },
  { flags: '--resource <spec>', instead: LIMITS },
  { flags: '--rm', instead: ALWAYS_REMOVED, isTaken: true },
  {
    flags: '--security-opt <option>',
    instead: 'write RUN --security=insecure and build with --allow security.insecure',
  },
  { flags: '--squash', instead: 'copy the result into a last stage FROM scratch: COPY --from=build / /' },
];

/** Declares them, so that each is told apart from a mistake; help does not show them. */
export function foreignFlags(command: Command): Command {
  for (const { flags, instead, isTaken } of FOREIGN_FLAGS) {
    const option = new Option(flags, instead).hideHelp();
    command.addOption(isTaken ? option : refusing(option, instead));
  }
  return attestationFlags(command);
}

function refusing(option: Option, instead: string): Option {
  const refuse = () => {
    throw usageError(
      `"slipway build" has no ${option.long}.`,
      `${instead.charAt(0).toUpperCase()}${instead.slice(1)}.`,
    );
  };
  return option.preset('').argParser(refuse);
}

const NO_ATTESTATIONS = 'No provenance and no SBOM is made yet: leave it away, or say false as for docker.';

/** An image never has attestations here, which is what `false` asks for. */
function attestationFlags(command: Command): Command {
  return command
    .addOption(new Option('--attest <spec>', 'only type=…,disabled=true').hideHelp().argParser(checkAttest))
    .addOption(
      new Option('--provenance <value>', 'only false')
        .hideHelp()
        .argParser((value) => checkShorthand('--provenance', value)),
    )
    .addOption(
      new Option('--sbom <value>', 'only false').hideHelp().argParser((value) => checkShorthand('--sbom', value)),
    );
}

function checkShorthand(flag: string, value: string): string {
  if (parseBool(value) === false || isDisabled(value)) return value;
  if (parseBool(value) === true || value.includes('='))
    throw usageError(`${flag} ${value} asks for an attestation.`, NO_ATTESTATIONS);
  throw usageError(`${flag} ${JSON.stringify(value)} is neither true nor false.`);
}

function checkAttest(value: string): string {
  if (isDisabled(value)) return value;
  throw usageError(`--attest ${value} asks for an attestation.`, NO_ATTESTATIONS);
}

function isDisabled(value: string): boolean {
  return csvFields(value).some(([name, field]) => name === 'disabled' && parseBool(field) === true);
}
