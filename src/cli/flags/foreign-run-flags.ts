import { type Command, Option } from 'commander';
import { usageError } from './csv-fields.ts';

const IN_FOREGROUND =
  'A container lives as long as its command, in the foreground: let systemd-run, a unit of systemd or "&" keep it running.';
const HOST_NETWORK =
  "The container shares this machine's network: a port it listens on is open already. Leave it away.";
const NOTHING_KEPT = 'Nothing of a container is kept: leave it away.';
const CAPABILITIES = "Capabilities are docker's default ones, or all of them with --privileged.";
const NAMESPACES = 'A container has namespaces of its own for all but the network: leave it away.';

/** Flags of `docker run` that say what cannot be done here, and what to do in their place. */
export const FOREIGN_RUN_FLAGS: readonly (readonly [flags: string, instead: string])[] = [
  ['-a, --attach <stream>', 'Output is always attached; -i attaches the input.'],
  ['--cap-add <name>', CAPABILITIES],
  ['--cap-drop <name>', CAPABILITIES],
  ['--cidfile <path>', NOTHING_KEPT],
  ['-c, --cpu-shares <number>', 'Write --cpus NUMBER.'],
  ['-d, --detach', IN_FOREGROUND],
  ['--device <path>', 'Devices cannot be given to a container.'],
  [
    '--dns <address>',
    'Names are resolved as on this machine: --add-host adds one, -v FILE:/etc/resolv.conf another server.',
  ],
  ['--expose <port>', HOST_NETWORK],
  ['--gpus <spec>', 'Devices cannot be given to a container.'],
  ['--group-add <group>', 'Write --user USER:GROUP.'],
  ['--init', 'Begin the ENTRYPOINT with an init of the image, such as tini.'],
  ['--ipc <mode>', NAMESPACES],
  ['-l, --label <name=value>', NOTHING_KEPT],
  ['--link <container>', HOST_NETWORK],
  ['--log-driver <name>', 'Output goes to stdout and stderr: redirect it.'],
  ['--mount <spec>', 'Write -v SOURCE:TARGET[:ro], or --tmpfs TARGET.'],
  ['--net <mode>', 'Write --network MODE.'],
  ['--pid <mode>', NAMESPACES],
  ['-p, --publish <ports>', HOST_NETWORK],
  ['-P, --publish-all', HOST_NETWORK],
  ['--restart <policy>', IN_FOREGROUND],
  ['--security-opt <option>', CAPABILITIES],
  ['--sysctl <name=value>', "Settings of the kernel are this machine's: leave it away."],
  ['--userns <mode>', NAMESPACES],
  ['--uts <mode>', NAMESPACES],
  ['--volumes-from <container>', 'Name the directories with -v.'],
];

/** Declares them, so that each is told apart from a mistake; help does not show them. */
export function foreignRunFlags(command: Command): Command {
  for (const [flags, instead] of FOREIGN_RUN_FLAGS) {
    const option = new Option(flags).hideHelp();
    const refuse = () => {
      throw usageError(`"${command.name()}" has no ${option.long}.`, instead);
    };
    command.addOption(option.preset('').argParser(refuse));
  }
  return command;
}
