import { Argument, type Command, Option } from 'commander';
import { CALL_METHODS } from '../../build/call-method.ts';
import { PROGRESS_KINDS } from '../render/progress.ts';
import { ENTITLEMENTS, ISOLATIONS, NETWORKS } from './build-flags.ts';
import { collect } from './common-flags.ts';
import { foreignFlags } from './foreign-flags.ts';
import { oneOfFlag, Setting } from './setting.ts';

/** Declares what `build` takes, for it and for what answers about builds without making them. */
export function declareBuildFlags(command: Command, context = new Argument('<context>')): Command {
  context.description = 'a directory, an archive or a Dockerfile on stdin ("-"), a git or http(s) URL';
  command.addArgument(context);
  inputFlags(command);
  stepFlags(command);
  resultFlags(command);
  outputFlags(command);
  return foreignFlags(command);
}

function inputFlags(command: Command): void {
  command
    .optionsGroup('What is built:')
    .option('-f, --file <path>', 'Dockerfile; "-" is stdin')
    .option('--target <stage>', 'stage to build, unless it is the last')
    .option('--build-arg <name=value>', 'value of an ARG (repeatable)', collect, [])
    .option('--build-context <name=where>', 'named context: path, URL, docker-image://…', collect, [])
    .option('--secret <spec>', 'id=NAME,src=FILE or id=NAME,env=VARIABLE', collect, [])
    .option('--ssh <spec>', 'default or ID[=SOCKET|KEY]: agent for RUN steps', collect, [])
    .addOption(
      new Setting('--platform <platform>', 'platform to build for', ['SLIPWAY_PLATFORM', 'DOCKER_DEFAULT_PLATFORM'])
        .default([])
        .argParser(collect),
    )
    .addOption(new Setting('--pull', 'look for newer base images', ['SLIPWAY_PULL']));
}

function stepFlags(command: Command): void {
  command
    .optionsGroup('How steps run:')
    .option('--no-cache', 'run every step anew')
    .option('--no-cache-filter <stages>', 'run the steps of these stages anew', collect, [])
    .option('--cache-from <spec>', 'cache of elsewhere: type=registry|local,… or an image', collect, [])
    .option('--cache-to <spec>', 'type=registry|local|inline,…: tell others of the steps', collect, [])
    .addOption(new Setting('--no-go-cache', 'no Go build cache for steps that compile Go', ['SLIPWAY_GO_CACHE']))
    .addOption(
      oneOfFlag(new Setting('--network <mode>', NETWORKS.join(', '), ['SLIPWAY_NETWORK']).default('default'), NETWORKS),
    )
    .addOption(
      oneOfFlag(
        new Setting('--isolation <kind>', ISOLATIONS.join(', '), ['SLIPWAY_ISOLATION']).default('auto'),
        ISOLATIONS,
      ),
    )
    .option('--add-host <name:address>', 'line for /etc/hosts (repeatable)', collect, [])
    .option('--shm-size <size>', 'size of /dev/shm')
    .option('--ulimit <name=soft:hard>', 'resource limit (repeatable)', collect, [])
    .addOption(
      new Option('--allow <entitlement>', ENTITLEMENTS.join(' or '))
        .choices(ENTITLEMENTS)
        .default([])
        .argParser(collect),
    );
}

function resultFlags(command: Command): void {
  command
    .optionsGroup('What becomes of it:')
    .option('-t, --tag <name>', 'name of the image (repeatable)', collect, [])
    .option('--label <name=value>', 'label of the image (repeatable)', collect, [])
    .option('--annotation <name=value>', 'annotation of the manifest (repeatable)', collect, [])
    .option('-o, --output <spec>', 'type=store|oci|docker|local|tar|registry|cacheonly,…', collect, [])
    .option('--push', 'push it: -o type=registry')
    .option('--load', 'keep it in the store: -o type=store')
    .option('--iidfile <path>', 'file for the image id')
    .option('--metadata-file <path>', 'file for what was built, as JSON')
    .option('--allow-secret-leak', 'push although a layer has a secret in it');
}

function outputFlags(command: Command): void {
  command
    .optionsGroup('What is shown:')
    .addOption(
      oneOfFlag(
        new Setting('--progress <kind>', PROGRESS_KINDS.join(', '), ['SLIPWAY_PROGRESS', 'BUILDKIT_PROGRESS']).default(
          'auto',
        ),
        PROGRESS_KINDS,
      ),
    )
    .option('-q, --quiet', 'only the image id')
    .option('--explain', 'afterwards, why steps ran and what it cost')
    .option('--call <method>', `${CALL_METHODS.join(', ')}[,format=json]: answer, build nothing`, 'build')
    .option('--check', '--call=check: only the findings of the checks')
    .addOption(new Setting('-D, --debug', 'the stack of an error as well', ['SLIPWAY_DEBUG']))
    .option('--root <path>', 'folder of the store')
    .optionsGroup('Options:');
}
