#!/usr/bin/env bash
# Installs the servers that `npm run test:servers` starts, from Debian's packages. Run as root; does nothing where all are there.
set -euo pipefail
packages=(
  bind9 bind9-utils bind9-dnsutils knot nsd
  nginx-light apache2 caddy openssl postgresql
  postfix opendkim opendkim-tools dovecot-imapd python3-dkim python3-authres python3-nacl
  chromium libnss3-tools
  postgresql prometheus systemd
  libxml2-utils poppler-utils
  zsh fish tinyproxy
)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "servers are installed"
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
# No server may start by itself: tests start their own, on ports of their own.
if [ ! -e /usr/sbin/policy-rc.d ]; then
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
  chmod +x /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
apt-get -o DPkg::Lock::Timeout=300 update -q
apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "${missing[@]}"
