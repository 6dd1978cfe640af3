#!/usr/bin/env bash
# Installs what the tests of images, alerts and docker-compose.yml use beside a JDK and Maven, where that is possible: as root,
# by Debian's apt. Exit code 0 in any case: what is left out for want of a tool is said, and with CI=true Maven's tests fail instead.
# kubectl, which renders the overlays, is too old in Debian 12 (1.20; it takes 1.27): install it as its project says.
set -euo pipefail

packages=''
for tool in skopeo:skopeo docker-registry:docker-registry podman:podman runc:runc curl:curl promtool:prometheus \
  docker-compose:docker-compose; do
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
# Debian's packages start services of their own, which nobody here asks for.
if command -v systemctl >/dev/null; then
  for service in docker-registry prometheus; do
    case $packages in *"$service"*) systemctl stop "$service" >/dev/null 2>&1 || true ;; esac
  done
fi
