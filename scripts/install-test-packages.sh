#!/usr/bin/env bash
# Installs Debian's packages that the tests use, where something is missing and apt may be used.
#   uidmap, util-linux            ordinary users and namespaces
#   runc                          the executor "oci"
#   tar, xz-utils, zstd, git      other implementations to compare archives with; build contexts from git
#   docker-registry, skopeo       a real registry, and a stranger that reads what Slipway writes
#   shellcheck                    what slipway lint asks about RUN steps
set -euo pipefail
packages=(uidmap util-linux runc tar xz-utils zstd git docker-registry skopeo shellcheck)
missing=()
for package in "${packages[@]}"; do
  dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0
as_root=()
if [ "$(id -u)" != 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    echo "missing packages, and only root may install them: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo -n)
fi
echo "installing with apt: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
