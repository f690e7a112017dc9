// SPF names that stand for all machines of a cloud, rentable by anybody: including one authorises every other customer. Gone through 2026-11.

/** Included name → the cloud, in words. */
export const wholeClouds: Readonly<Record<string, string>> = {
  '_cloud-netblocks.googleusercontent.com': 'Google Cloud',
  '_cloud-netblocks1.googleusercontent.com': 'Google Cloud',
  'netblocks.digitalocean.com': 'DigitalOcean',
  '_spf.hetzner.com': 'Hetzner',
  'spf.secureserver.net': 'GoDaddy hosting',
  'websitewelcome.com': 'HostGator hosting',
  'relay.mailchannels.net': 'MailChannels',
}
