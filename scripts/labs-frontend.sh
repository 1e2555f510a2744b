#!/bin/sh
# Makes BuildKit's labs frontend from its Go module and pushes it where the cases that say `labs` look for it:
#   scripts/labs-frontend.sh VERSION PEER [REFERENCE]
# VERSION is that of the BuildKit that is compared with (docker 28.5 has v0.25.2), PEER the program that runs docker.
set -eu
version=$1
peer=$2
reference=${3:-127.0.0.1:5000/docker/dockerfile:labs}
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
module=$(GOPATH="$work/go" go mod download -json "github.com/moby/buildkit@$version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
cp -r "$module" source
chmod -R u+w source
tags=$(tr '\n' ' ' < source/frontend/dockerfile/release/labs/tags)
mkdir context
(cd source && GOPATH="$work/go" CGO_ENABLED=0 go build -tags "$tags" -o ../context/dockerfile-frontend ./frontend/dockerfile/cmd/dockerfile-frontend)
cat > context/Dockerfile <<'EOF'
FROM scratch
LABEL moby.buildkit.frontend.network.none="true"
LABEL moby.buildkit.frontend.caps="moby.buildkit.frontend.inputs,moby.buildkit.frontend.subrequests,moby.buildkit.frontend.contexts,moby.buildkit.frontend.gitquerystring"
COPY dockerfile-frontend /bin/dockerfile-frontend
ENTRYPOINT ["/bin/dockerfile-frontend"]
EOF
"$peer" docker buildx build --provenance=false -o "type=image,name=$reference,push=true" "$work/context"
