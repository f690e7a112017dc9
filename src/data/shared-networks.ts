// SPF names that stand for machines of many customers at once: clouds that anybody rents, and relays that send for whoever is their
// customer. A relay that set-up pages ask for stays in the record; its own restriction says whose account may use it. Gone through 2026-11.

/** A TXT record of the domain by which a relay lets only the accounts named there send for it. */
export type RelayRestriction = { label: string; begins: string; setup: string }

export type SharedNetwork = { name: string; restriction: RelayRestriction | null }

/** Included name → the cloud or relay. Without a restriction it is a cloud: including it authorises every customer of it. */
export const sharedNetworks: Readonly<Record<string, SharedNetwork>> = {
  '_cloud-netblocks.googleusercontent.com': { name: 'Google Cloud', restriction: null },
  '_cloud-netblocks1.googleusercontent.com': { name: 'Google Cloud', restriction: null },
  'netblocks.digitalocean.com': { name: 'DigitalOcean', restriction: null },
  // https://support.mailchannels.com/hc/en-us/articles/16918954360845 (Domain Lockdown)
  'relay.mailchannels.net': {
    name: 'MailChannels',
    restriction: {
      label: '_mailchannels',
      begins: 'v=mc1',
      setup: 'v=mc1 auth=ID, where ID is the account that your hosting company sends with; it can tell you',
    },
  },
}
