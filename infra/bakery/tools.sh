#!/usr/bin/env bash
# Installs what infra/bakery/test.sh can use, where that is possible: as root, by Debian's apt.
# Exit code 0 in any case: test.sh says what it leaves out for want of a tool.
set -euo pipefail

packages=''
for tool in skopeo:skopeo docker-registry:docker-registry podman:podman runc:runc curl:curl; do
  command -v "${tool%:*}" >/dev/null || packages="$packages ${tool#*:}"
done
[ -n "$packages" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "There is no$packages here, and they cannot be installed: not root, or no apt."
  exit 0
fi
echo "Installing$packages"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # A word for each package.
if ! { apt-get -qq update && apt-get -qq install --no-install-recommends -y $packages; } >/dev/null 2>&1; then
  echo "apt could not install$packages."
fi
# Debian's package starts a registry of its own, which nobody here asks for.
if command -v systemctl >/dev/null; then
  case $packages in *docker-registry*) systemctl stop docker-registry >/dev/null 2>&1 || true ;; esac
fi
