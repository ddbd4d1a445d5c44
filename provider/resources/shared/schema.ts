import * as v from "valibot";
import { parseDuration } from "../../duration";
import { formatAddress, formatCidr, isIpv4, parseAddress, parseCidr } from "../../net/ip";
import type { Connection } from "../../ssh/connection";
import { parseHostKey } from "../../ssh/trust/hostKey";

/** What is passed on as it is. No command line, label or environment of Linux can hold a NUL. */
export const literal = v.pipe(
  v.string("to be a string"),
  v.check((value) => !value.includes("\0"), "to be without NUL characters"),
);

export const text = v.pipe(literal, v.nonEmpty("not to be empty"));

/** What stands in comments and messages: one line. */
const line = v.pipe(v.string("to be a string"), v.regex(/^[^\p{Cc}\u2028\u2029]+$/u, "to be one line of text"));

export const cidr = v.pipe(
  v.string("to be a CIDR block such as 10.200.0.0/24"),
  v.check((value) => parseCidr(value)?.family === 4, "to be a CIDR block such as 10.200.0.0/24"),
  v.transform((value) => formatCidr(parseCidr(value)!)),
);

export const ipv4 = v.pipe(
  v.string("to be an IPv4 address"),
  v.check((value) => isIpv4(value), "to be an IPv4 address"),
);

/** A CIDR block of either family. */
export const anyCidr = v.pipe(
  v.string("to be a CIDR block such as 10.200.0.0/24 or fd00:200::/64"),
  v.check((value) => parseCidr(value) !== undefined, "to be a CIDR block such as 10.200.0.0/24 or fd00:200::/64"),
  v.transform((value) => formatCidr(parseCidr(value)!)),
);

/** An address of either family. */
export const anyAddress = v.pipe(
  v.string("to be an IPv4 or IPv6 address"),
  v.check((value) => parseAddress(value) !== undefined, "to be an IPv4 or IPv6 address"),
  v.transform((value) => formatAddress(parseAddress(value)!)),
);

export const macAddress = v.pipe(
  v.string("to be a MAC address such as 02:42:0a:c8:00:02"),
  v.regex(/^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i, "to be a MAC address such as 02:42:0a:c8:00:02"),
  v.transform((value) => value.toLowerCase().replaceAll("-", ":")),
);

/** Docker's own rule for names of containers, networks and volumes. Source: moby `daemon/names/names.go`. */
export const dockerName = v.pipe(
  v.string("to be a string"),
  v.regex(
    /^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,254}$/,
    "to be a Docker name: 2 to 255 letters, digits, dots, underscores or hyphens, the first a letter or digit",
  ),
);

/** As Linux takes it (`dev_valid_name`, IFNAMSIZ), but for quotes and backslashes, which unit files read. */
export const interfaceName = v.pipe(
  v.string("to be the name of a network interface"),
  v.regex(/^[^\s\p{Cc}/:'"\\]{1,15}$/u, "to be the name of a network interface"),
);

/** Source: Docker's `reference` package; 255 for the name, 128 for the tag, and a digest. */
export const imageName = v.pipe(text, v.maxLength(512, "to have at most 512 characters"));

const portRange = "to be a port, 1 to 65535";
export const port = v.pipe(
  v.number(portRange),
  v.integer(portRange),
  v.minValue(1, portRange),
  v.maxValue(65535, portRange),
);

/** String values by name, sorted, so that two programs that write them in another order mean the same. */
export const stringRecord = v.pipe(
  v.record(literal, literal, "to be an object of strings"),
  v.transform((record) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))),
);

const durationText = 'to be a duration such as "90s" or "5m"';
const duration = v.pipe(
  v.string(durationText),
  v.check((value) => parseDuration(value) !== undefined, durationText),
);

const timeouts = v.optional(
  v.strictObject(
    { create: v.optional(duration), update: v.optional(duration), delete: v.optional(duration) },
    'to be an object such as { create: "5m" }',
  ),
);

/** As ssh takes it; it stands in messages, and on a host's command line. */
const userName = v.pipe(
  v.string("to be a user's name"),
  v.regex(/^[^\s\p{Cc}:/-][^\s\p{Cc}:/]*$/u, "to be a user's name"),
);

const hostKeyText = 'to be a public key as in known_hosts, such as "ssh-ed25519 AAAA…"';

/** See `Connection` for what each means. */
export const connection: v.GenericSchema<unknown, Connection> = v.strictObject(
  {
    host: v.pipe(
      v.string("to be a host name or an address"),
      v.regex(/^[^\s\p{Cc}/@-][^\s\p{Cc}/@]*$/u, "to be a host name or an address"),
    ),
    port: v.optional(port),
    user: v.optional(userName),
    password: v.optional(text),
    privateKey: v.optional(text),
    privateKeyPassword: v.optional(text),
    agentSocketPath: v.optional(text),
    dockerSocketPath: v.optional(v.pipe(text, v.startsWith("/", "to be an absolute path"))),
    hostKey: v.optional(
      v.pipe(
        v.string(hostKeyText),
        v.check((value) => !("malformed" in parseHostKey(value)), hostKeyText),
      ),
    ),
    hostKeyPolicy: v.optional(
      v.picklist(["strict", "acceptNew", "insecure"], 'to be "strict", "acceptNew" or "insecure"'),
    ),
    dialErrorLimit: v.optional(
      v.pipe(v.number("to be a number"), v.integer("to be whole"), v.minValue(-1, "to be -1 or more")),
      10,
    ),
    perDialTimeout: v.optional(v.pipe(v.number("to be a number"), v.minValue(0, "to be 0 or more")), 15),
    proxy: v.optional(v.lazy(() => connection)),
  },
  "to be a connection: { host, user, privateKey, hostKey, … }",
);

/** One host's connection, where it must not be shown: the SDK class keeps what may be seen beside it. */
export const connections = v.pipe(
  v.array(connection, "to be a list of connections"),
  v.minLength(1, "to have at least one host"),
);

export const ipamConfig = v.strictObject(
  {
    subnet: cidr,
    gateway: v.optional(ipv4),
    ipRange: v.optional(cidr),
    auxAddress: v.optional(
      v.pipe(
        v.record(text, ipv4, "to be an object of IPv4 addresses by name"),
        v.transform((record) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))),
      ),
    ),
  },
  "to be an object such as { subnet }",
);
export type IpamConfig = v.InferOutput<typeof ipamConfig>;

/** What every resource has, beside its own. */
export const common = {
  owner: line,
  timeouts,
  skipUnreachableHosts: v.optional(v.boolean("to be true or false")),
};

/** Of resources that can take over what is on a host already. */
export const adoptable = { adopt: v.optional(v.boolean("to be true or false"), false) };
