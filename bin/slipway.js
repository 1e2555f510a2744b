#!/bin/sh
true /* ; exec node -- "$0" "$@" # */;

// For sh the line above is a command, for Node.js a comment: without "--" node takes the --env-file of `slipway run` for its own.
import '../dist/cli.js';
