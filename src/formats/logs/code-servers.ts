// `monitor redact --as` for Rails, Django, Laravel and nginx.
import type { NameTable } from './code.ts'

type Shapes = readonly (readonly [string, string])[]

const rubyRegex = (source: string): string => `/${source.replaceAll('/', '\\/').replaceAll('#', '\\#')}/`
const rubyString = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`

export const railsCode = ({ exact, ends, harmless }: NameTable, shapes: Shapes, pair: string): string =>
  `# Written by \`launch-ready monitor redact --as rails\`: secrets and personal data never reach the log.
module RedactLogs
  EXACT = {
${Object.entries(exact)
  .map(([name, kind]) => `    ${rubyString(name)} => ${rubyString(kind)}`)
  .join(',\n')}
  }.freeze
  ENDS = [
${ends.map(([name, kind]) => `    [${rubyString(name)}, ${rubyString(kind)}]`).join(',\n')}
  ].freeze
  HARMLESS = %w[${harmless.join(' ')}].freeze
  SHAPES = [
${shapes.map(([kind, source]) => `    [${rubyString(kind)}, ${rubyRegex(source)}]`).join(',\n')}
  ].freeze
  PAIR = ${rubyRegex(pair)}
  SAID = /\\A(?:true|false|nil|null|none|required|missing|invalid|expired|incorrect|wrong|is|was|must|not|\\[[\\w -]+\\]|\\*+)\\z/i

  module_function

  def kind_of(name)
    plain = name.to_s.gsub(/[-_.\\s]/, '').downcase
    return nil if HARMLESS.include?(plain)
    EXACT[plain] || ENDS.find { |ending, _| plain.end_with?(ending) }&.last
  end

  def luhn?(digits)
    digits.reverse.each_char.with_index.sum { |digit, at| value = digit.to_i * (at.odd? ? 2 : 1); value > 9 ? value - 9 : value } % 10 == 0
  end

  def iban?(text)
    (text[4..] + text[0, 4]).each_char.map { |character| character.to_i(36).to_s }.join.to_i % 97 == 1
  end

  def proves?(kind, text)
    return luhn?(text.gsub(/\\D/, '')) && text.match?(/\\A(?:4|5[1-5]|2[2-7]|3[4-8]|6)/) if kind == 'card'
    kind != 'iban' || iban?(text.delete(' '))
  end

  def text(given)
    out = given.to_s.dup.scrub('?').gsub(PAIR) do |whole|
      kind = kind_of(Regexp.last_match(1))
      parts = kind && whole.match(/\\A(.*?(?:=>|[:=]|%3[ad])\\s*\\\\*["']?)(.*?)(\\\\*["']?)\\z/im)
      parts && !parts[2].empty? && !SAID.match?(parts[2]) ? "#{parts[1]}[#{kind}]#{parts[3]}" : whole
    end
    SHAPES.each { |kind, shape| out = out.gsub(shape) { |found| proves?(kind, found) ? "[#{kind}]" : found } }
    out
  end

  # Wraps the formatter of a logger.
  class Formatter
    def initialize(inner) = @inner = inner

    def call(severity, time, progname, message) = RedactLogs.text(@inner.call(severity, time, progname, message))

    # Tags and the like are the inner formatter's business.
    def method_missing(name, ...) = @inner.respond_to?(name) ? @inner.public_send(name, ...) : super

    def respond_to_missing?(name, all = false) = @inner.respond_to?(name, all) || super
  end
end

if defined?(Rails)
  Rails.application.config.filter_parameters += [
    ->(name, value) { value.replace("[#{RedactLogs.kind_of(name)}]") if value.is_a?(String) && RedactLogs.kind_of(name) }
  ]
  Rails.application.config.after_initialize do
    logger = Rails.logger
    logger.formatter = RedactLogs::Formatter.new(logger.formatter || ActiveSupport::Logger::SimpleFormatter.new)
  end
end
`

/** A Python literal: JSON is one, but for true, false and null, which do not occur. */
const python = (value: unknown): string => JSON.stringify(value)

export const djangoCode = ({ exact, ends, harmless }: NameTable, shapes: Shapes, pair: string): string =>
  `"""Written by \`launch-ready monitor redact --as django\`: secrets and personal data never reach the log.

In settings.py, for every handler:

    LOGGING = {
        "version": 1,
        "formatters": {"redacted": {"()": "redact_logs.RedactingFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "redacted"}},
        "root": {"handlers": ["console"], "level": "INFO"},
    }
"""
import logging
import re

EXACT = ${python(exact)}
ENDS = ${python(ends)}
HARMLESS = set(${python(harmless)})
SHAPES = [(kind, re.compile(source)) for kind, source in ${python(shapes)}]
PAIR = re.compile(${python(pair)})
SAID = re.compile(r"^(?:true|false|none|null|required|missing|invalid|expired|incorrect|wrong|is|was|must|not|\\[[\\w -]+\\]|\\*+)$", re.I)
PARTS = re.compile(r"""^(.*?(?:=>|[:=]|%3[ad])\\s*\\\\*["']?)(.*?)(\\\\*["']?)$""", re.I | re.S)


def kind_of(name):
    plain = re.sub(r"[-_.\\s]", "", str(name)).lower()
    if plain in HARMLESS:
        return None
    if plain in EXACT:
        return EXACT[plain]
    return next((kind for end, kind in ENDS if plain.endswith(end)), None)


def _luhn(digits):
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _iban(text):
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1


def _proves(kind, text):
    if kind == "card":
        digits = re.sub(r"\\D", "", text)
        return bool(re.match(r"4|5[1-5]|2[2-7]|3[4-8]|6", digits)) and _luhn(digits)
    return kind != "iban" or _iban(text.replace(" ", ""))


def _pair(match):
    kind = kind_of(match.group(1))
    parts = PARTS.match(match.group(0)) if kind else None
    if not parts or not parts.group(2) or SAID.match(parts.group(2)):
        return match.group(0)
    return f"{parts.group(1)}[{kind}]{parts.group(3)}"


def redact(text):
    out = PAIR.sub(_pair, str(text))
    for kind, shape in SHAPES:
        out = shape.sub(lambda found, kind=kind: f"[{kind}]" if _proves(kind, found.group(0)) else found.group(0), out)
    return out


class RedactingFormatter(logging.Formatter):
    def format(self, record):
        return redact(super().format(record))
`

const php = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(php).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `[${Object.entries(value)
      .map(([name, item]) => `${php(name)} => ${php(item)}`)
      .join(', ')}]`
  return `'${String(value).replace(/[\\']/g, '\\$&')}'`
}

export const laravelCode = ({ exact, ends, harmless }: NameTable, shapes: Shapes, pair: string): string =>
  `<?php

// Written by \`launch-ready monitor redact --as laravel\`: secrets and personal data never reach the log.
// In config/logging.php, for every channel:  'tap' => [App\\Logging\\RedactLogs::class],

namespace App\\Logging;

class RedactLogs
{
    private const EXACT = ${php(exact)};
    private const ENDS = ${php(ends)};
    private const HARMLESS = ${php(harmless)};
    private const SHAPES = ${php(shapes.map(([kind, source]) => [kind, `~${source.replaceAll('~', '\\~')}~`]))};
    private const PAIR = ${php(`~${pair.replaceAll('~', '\\~')}~`)};
    private const SAID = '~^(?:true|false|null|none|required|missing|invalid|expired|incorrect|wrong|is|was|must|not|\\[[\\w -]+\\]|\\*+)$~i';

    /** Laravel calls it with the channel's logger. */
    public function __invoke($logger): void
    {
        foreach ($logger->getHandlers() as $handler) {
            $inner = $handler->getFormatter();
            $handler->setFormatter(new class($inner) implements \\Monolog\\Formatter\\FormatterInterface {
                public function __construct(private $inner) {}

                public function format(\\Monolog\\LogRecord $record)
                {
                    return RedactLogs::text((string) $this->inner->format($record));
                }

                public function formatBatch(array $records)
                {
                    return implode('', array_map(fn ($record) => $this->format($record), $records));
                }
            });
        }
    }

    public static function kindOf(string $name): ?string
    {
        $plain = strtolower(preg_replace('~[-_.\\s]~', '', $name));
        if (in_array($plain, self::HARMLESS, true)) return null;
        if (isset(self::EXACT[$plain])) return self::EXACT[$plain];
        foreach (self::ENDS as [$end, $kind]) if (str_ends_with($plain, $end)) return $kind;
        return null;
    }

    public static function text(string $text): string
    {
        $out = preg_replace_callback(self::PAIR, function (array $match): string {
            $kind = self::kindOf($match[1]);
            if ($kind === null || !preg_match('~^(.*?(?:=>|[:=]|%3[ad])\\s*\\\\\\\\*["\\']?)(.*?)(\\\\\\\\*["\\']?)$~is', $match[0], $part)) return $match[0];
            return $part[2] === '' || preg_match(self::SAID, $part[2]) ? $match[0] : $part[1] . "[$kind]" . $part[3];
        }, $text) ?? '[unreadable]';
        foreach (self::SHAPES as [$kind, $shape]) {
            $out = preg_replace_callback($shape, fn (array $match): string => self::proves($kind, $match[0]) ? "[$kind]" : $match[0], $out) ?? '[unreadable]';
        }
        return $out;
    }

    private static function proves(string $kind, string $text): bool
    {
        if ($kind === 'card') {
            $digits = preg_replace('~\\D~', '', $text);
            $sum = 0;
            foreach (str_split(strrev($digits)) as $at => $digit) {
                $value = (int) $digit * ($at % 2 ? 2 : 1);
                $sum += $value > 9 ? $value - 9 : $value;
            }
            return $sum % 10 === 0 && preg_match('~^(?:4|5[1-5]|2[2-7]|3[4-8]|6)~', $digits) === 1;
        }
        if ($kind !== 'iban') return true;
        $plain = str_replace(' ', '', $text);
        $rest = 0;
        foreach (str_split(substr($plain, 4) . substr($plain, 0, 4)) as $character) {
            $value = (int) base_convert($character, 36, 10);
            $rest = ($rest * ($value > 9 ? 100 : 10) + $value) % 97;
        }
        return $rest === 1;
    }
}
`

/** nginx reads no parameter of more than 4 kB: names in groups of this many characters. */
const groupLength = 2_400

/** Names that occur in a query, as alternations; nginx compares without case. */
const queryNames = ({ exact, ends }: NameTable): string[] => {
  const groups: string[] = ['']
  for (const name of new Set([...Object.keys(exact), ...ends.map(([end]) => end)])) {
    if (['street', 'pan', 'session', 'pass'].includes(name)) continue
    const word = Array.from(name).join('[-_.]?')
    if (groups.at(-1)!.length + word.length > groupLength) groups.push('')
    groups[groups.length - 1] += `${groups.at(-1) ? '|' : ''}${word}`
  }
  return groups
}

const queryRules = (names: NameTable): string =>
  [...queryNames(names).map(group => `[a-z0-9._%\\[-]*(?:${group})`), 'key|code|sig|state|hash|t']
    .map(group => `    "~*(?:^|&)(?:${group})(?:%5D|\\])?(?:%5B\\w*%5D|\\[\\w*\\])?=" "?[redacted]";`)
    .join('\n')

export const nginxCode = (names: NameTable): string =>
  `# Written by \`launch-ready monitor redact --as nginx\`. Include it inside http { }, then: access_log /var/log/nginx/access.log redacted;
# A query that holds a secret, an address or a token is left out whole: a map replaces once, and a half would stay.
map $args $redacted_args {
    default "?$args";
    "" "";
${queryRules(names)}
    "~*(?:@|%40|eyJ[a-z0-9_-]{10}|%2B[1-9]\\d{7}|sk_live_|ghp_)" "?[redacted]";
    "~(?:^|[^0-9])[0-9]{13,19}(?:[^0-9]|$)" "?[redacted]";
}
# One-time tokens in the path: /reset-password/<token>.
map $uri $redacted_uri {
    default $uri;
    "~*^(?<redact_head>.*/(?:reset|reset-password|password-reset|password|verify|verify-email|confirm|confirmation|activate|invite|invitation|magic|magic-link|recover|unsubscribe|token|beat)/)[\\w~.-]{16,}(?<redact_tail>.*)$" "$redact_head[token]$redact_tail";
    "~*(?:@|%40)[^/]+\\.[a-z]{2,}" "/[redacted]";
}
# Where visitors came from, without its query.
map $http_referer $redacted_referer {
    default "-";
    "~^(?<redact_origin>https?://[^/?#@]+(?:/[^?#@]{0,1})?)" "$redact_origin";
}
# The network of the visitor, not the visitor: the last number is left out.
map $remote_addr $redacted_addr {
    default "0.0.0.0";
    "~^(?<redact_v4>\\d+\\.\\d+\\.\\d+)\\." "$redact_v4.0";
    "~^(?<redact_v6>[0-9a-f]*:[0-9a-f]*:[0-9a-f]*)" "$redact_v6::";
}
# No cookie, no Authorization, no user name, no body.
log_format redacted escape=json '$redacted_addr - - [$time_local] "$request_method $redacted_uri$redacted_args $server_protocol" '
    '$status $body_bytes_sent "$redacted_referer" "$http_user_agent" $request_time';
`
