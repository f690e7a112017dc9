// Starts Postfix, OpenDKIM and Dovecot on loopback ports of their own, with their configuration, queue and mailboxes in one folder:
// what the mail app of the fixtures hands over is signed, received as from 192.0.2.25, and delivered into a mailbox that IMAP reads.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './free-port.ts'
import { ended, untilOpen } from './until-open.ts'

/** Owner of the mailboxes: Debian's nobody. */
const nobody = 65_534

/** Ends a server, in the end by force: Postfix waits for its queue. */
const stopped = (child: ChildProcess): Promise<void> => {
  setTimeout(() => child.kill('SIGKILL'), 5_000).unref()
  return ended(child)
}

const readLog = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').slice(-4_000)
  } catch {
    return ''
  }
}

/** A signer of OpenDKIM: mails from this address are signed with this selector and domain. */
export type Signer = { from: string; selector: string; domain: string }

export type MailServers = {
  /** SMTP ports: one whose mails are signed, one whose are not. */
  smtp: number
  unsigned: number
  imaps: number
  imap: number
  /** DKIM record of the one key, as DNS publishes it. */
  dkimRecord: string
  /** `user@canary.example` → password. */
  password: string
  /** Puts so many mails into the inbox. */
  fill(count: number): void
  /** Puts a mail into a folder, which is made. */
  put(folder: string, raw: string): void
  log(): string
  stop(): Promise<void>
}

/** Mail for canary+anything@canary.example lands in the mailbox `canary`; that for junk@canary.example in its folder Junk. */
export const startMailServers = async (given: {
  signers: readonly Signer[]
  certificate: string
  key: string
}): Promise<MailServers> => {
  // The servers run as users of their own, who have to get in.
  const folder = mkdtempSync(join(tmpdir(), 'mail-'))
  chmodSync(folder, 0o755)
  const password = 'a-canary-password'
  const [smtp, unsigned, milter, imaps, imap] = (await freePorts(5)) as [number, number, number, number, number]
  const at = (...names: string[]): string => join(folder, ...names)
  writeFileSync(at('cert.pem'), given.certificate)
  writeFileSync(at('key.pem'), given.key, { mode: 0o600 })

  // OpenDKIM
  mkdirSync(at('dkim'))
  execFileSync('openssl', ['genrsa', '-out', at('dkim', 'private'), '2048'], { stdio: 'ignore' })
  chmodSync(at('dkim', 'private'), 0o600)
  const publicKey = execFileSync('openssl', ['rsa', '-in', at('dkim', 'private'), '-pubout', '-outform', 'DER'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString('base64')
  writeFileSync(
    at('dkim', 'keys'),
    given.signers
      .map(
        ({ selector, domain }) => `${selector}._domainkey.${domain} ${domain}:${selector}:${at('dkim', 'private')}\n`,
      )
      .join(''),
  )
  writeFileSync(
    at('dkim', 'signers'),
    given.signers.map(({ from, selector, domain }) => `${from} ${selector}._domainkey.${domain}\n`).join(''),
  )
  writeFileSync(at('dkim', 'internal'), '127.0.0.1\n192.0.2.0/24\n')
  writeFileSync(
    at('dkim', 'opendkim.conf'),
    `Mode s
Socket inet:${milter}@127.0.0.1
KeyTable file:${at('dkim', 'keys')}
SigningTable refile:${at('dkim', 'signers')}
InternalHosts file:${at('dkim', 'internal')}
Canonicalization relaxed/relaxed
SignatureAlgorithm rsa-sha256
OversignHeaders From
RequireSafeKeys no
Syslog no
Background no
`,
  )
  const children: ChildProcess[] = []
  let output = ''
  const begin = (command: string, args: string[]): ChildProcess => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', chunk => {
        output += chunk
      })
    children.push(child)
    return child
  }
  const log = (): string => `${output}\n${readLog(at('postfix.log'))}\n${readLog(at('dovecot.log'))}`
  const opendkim = begin('opendkim', ['-f', '-x', at('dkim', 'opendkim.conf')])

  // Dovecot
  mkdirSync(at('mail', 'canary'), { recursive: true })
  for (const path of [at('mail'), at('mail', 'canary')]) chownSync(path, nobody, nobody)
  writeFileSync(at('users'), `canary:{PLAIN}${password}\n`)
  chmodSync(at('users'), 0o644)
  writeFileSync(
    at('dovecot.conf'),
    `protocols = imap
listen = 127.0.0.1
base_dir = ${at('run')}
state_dir = ${at('state')}
log_path = ${at('dovecot.log')}
auth_mechanisms = plain login
disable_plaintext_auth = no
ssl = yes
ssl_cert = <${at('cert.pem')}
ssl_key = <${at('key.pem')}
mail_location = maildir:${at('mail')}/%u
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = ${at('users')}
}
userdb {
  driver = static
  args = uid=${nobody} gid=${nobody} home=${at('mail')}/%u
}
namespace inbox {
  inbox = yes
  mailbox Junk {
    special_use = \\Junk
    auto = subscribe
  }
  mailbox Sent {
    special_use = \\Sent
    auto = subscribe
  }
}
service imap-login {
  inet_listener imap {
    port = ${imap}
  }
  inet_listener imaps {
    port = ${imaps}
    ssl = yes
  }
}
`,
  )
  const dovecot = begin('dovecot', ['-F', '-c', at('dovecot.conf')])

  // Postfix
  mkdirSync(at('postfix'))
  mkdirSync(at('queue'))
  mkdirSync(at('data'))
  const postfixUser = Number(execFileSync('id', ['-u', 'postfix']).toString())
  chownSync(at('data'), postfixUser, postfixUser)
  writeFileSync(
    at('postfix', 'recipients'),
    '/^canary(\\+[^@]*)?@canary\\.example$/ canary/\n/^junk@canary\\.example$/ canary/.Junk/\n',
  )
  writeFileSync(
    at('postfix', 'main.cf'),
    `compatibility_level = 3.6
queue_directory = ${at('queue')}
data_directory = ${at('data')}
maillog_file = ${at('postfix.log')}
maillog_file_prefixes = ${folder}
myhostname = mx.canary.example
mydestination =
mynetworks = 127.0.0.0/8 192.0.2.0/24
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtputf8_enable = no
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = canary.example
virtual_mailbox_base = ${at('mail')}
virtual_mailbox_maps = regexp:${at('postfix', 'recipients')}
virtual_uid_maps = static:${nobody}
virtual_gid_maps = static:${nobody}
smtpd_tls_security_level = may
smtpd_tls_cert_file = ${at('cert.pem')}
smtpd_tls_key_file = ${at('key.pem')}
smtpd_authorized_xclient_hosts = 127.0.0.0/8
smtpd_milters = inet:127.0.0.1:${milter}
milter_default_action = tempfail
disable_dns_lookups = yes
smtpd_peername_lookup = no
`,
  )
  const service = (name: string, type: string, rest: string): string => `${name} ${type} ${rest}\n`
  writeFileSync(
    at('postfix', 'master.cf'),
    [
      service(`127.0.0.1:${smtp}`, 'inet', 'n - n - - smtpd'),
      service(`127.0.0.1:${unsigned}`, 'inet', 'n - n - - smtpd -o smtpd_milters='),
      service('cleanup', 'unix', 'n - n - 0 cleanup'),
      service('qmgr', 'unix', 'n - n 300 1 qmgr'),
      service('rewrite', 'unix', '- - n - - trivial-rewrite'),
      service('bounce', 'unix', '- - n - 0 bounce'),
      service('defer', 'unix', '- - n - 0 bounce'),
      service('trace', 'unix', '- - n - 0 bounce'),
      service('error', 'unix', '- - n - - error'),
      service('virtual', 'unix', '- n n - - virtual'),
      service('smtp', 'unix', '- - n - - smtp'),
      service('proxymap', 'unix', '- - n - - proxymap'),
      service('anvil', 'unix', '- - n - 1 anvil'),
      service('tlsmgr', 'unix', '- - n 1000? 1 tlsmgr'),
      service('postlog', 'unix-dgram', 'n - n - 1 postlogd'),
    ].join(''),
  )
  execFileSync('postfix', ['-c', at('postfix'), 'check'], { stdio: 'ignore' })
  const master = begin('/usr/lib/postfix/sbin/master', ['-c', at('postfix'), '-d'])
  try {
    await Promise.all([untilOpen(milter, opendkim, log), untilOpen(imaps, dovecot, log), untilOpen(smtp, master, log)])
  } catch (error) {
    await Promise.all(children.map(stopped))
    throw error
  }
  return {
    smtp,
    unsigned,
    imaps,
    imap,
    dkimRecord: `v=DKIM1; k=rsa; p=${publicKey}`,
    password,
    fill: count => {
      for (let number = 0; number < count; number++) {
        const path = at('mail', 'canary', 'new', `1700000000.M${number}P1.filled`)
        writeFileSync(
          path,
          `From: news@elsewhere.example\nTo: canary@canary.example\nSubject: News ${number}\n\nNews\n`,
        )
        chownSync(path, nobody, nobody)
      }
    },
    put: (into, raw) => {
      const path = at('mail', 'canary', `.${into}`)
      for (const part of ['', 'new', 'cur', 'tmp']) {
        mkdirSync(join(path, part), { recursive: true })
        chownSync(join(path, part), nobody, nobody)
      }
      const file = join(path, 'new', `1700000000.M${readdirSync(join(path, 'new')).length}P1.put`)
      writeFileSync(file, raw)
      chownSync(file, nobody, nobody)
    },
    log,
    stop: async () => {
      await Promise.all(children.map(stopped))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
