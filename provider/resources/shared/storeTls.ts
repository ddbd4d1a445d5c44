import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import * as v from "valibot";
import type { StoreTls } from "../../kv/tls";
import { hasUnknown } from "../../unknown";
import type { Failures } from "./failures";
import { text } from "./schema";

/** See `StoreTls` for what each means. */
export const storeTls: v.GenericSchema<unknown, StoreTls> = v.strictObject(
  { ca: text, cert: text, key: text },
  "to be an object: { ca, cert, key }",
);

/** What a certificate has to be good for. */
type Usage = "server" | "client";

/** Source: RFC 5280, section 4.2.1.12. */
const PURPOSES: Record<Usage, string> = { server: "1.3.6.1.5.5.7.3.1", client: "1.3.6.1.5.5.7.3.2" };

const BLOCKS = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * What can be said of certificates before anybody uses them: otherwise servers and engines would say it, in their logs.
 * Failures name the parts of `tls`, and never show them.
 */
export function checkStoreTls(given: unknown, usages: readonly Usage[], failures: Failures): void {
  if (!isStoreTls(given) || hasUnknown(given)) return;
  const wrong = (part: keyof StoreTls, expectation: string) => failures.expected(`tls.${part}`, expectation);
  const authorities = certificatesIn(given.ca);
  const [cert, ...between] = certificatesIn(given.cert) ?? [];
  const key = privateKeyIn(given.key);
  if (!authorities) wrong("ca", "to be certificates in PEM, each from BEGIN CERTIFICATE to END CERTIFICATE");
  if (!cert) wrong("cert", "to be a certificate in PEM, from BEGIN CERTIFICATE to END CERTIFICATE");
  if (!key) wrong("key", "to be a private key in PEM, without a passphrase");
  if (!cert) return;
  if (key && !cert.checkPrivateKey(key)) wrong("key", "to be the private key of `tls.cert`");
  if (authorities && ![...authorities, ...between].some((issuer) => isIssuedBy(cert, issuer))) {
    wrong("cert", "to be signed by a certificate of `tls.ca`");
  }
  if (isExpired(cert)) wrong("cert", `to be valid still; it was until ${cert.validTo}`);
  // A certificate that names no usage is good for all.
  const purposes = cert.keyUsage as string[] | undefined;
  const missing = purposes && usages.filter((usage) => !purposes.includes(PURPOSES[usage]));
  if (missing && missing.length > 0) {
    wrong("cert", `to be for ${missing.join("s and ")}s (its extendedKeyUsage leaves them out)`);
  }
}

export function isStoreTls(given: unknown): given is StoreTls {
  return v.is(storeTls, given);
}

/** Whether who has the ones and who has the others trust each other, now. */
export function canMeet(ones: StoreTls, others: StoreTls): boolean {
  return trusts(ones, others) && trusts(others, ones);
}

function trusts({ ca }: StoreTls, other: StoreTls): boolean {
  const [cert, ...between] = certificatesIn(other.cert) ?? [];
  const authorities = certificatesIn(ca) ?? [];
  if (!cert || isExpired(cert)) return false;
  // Of what is between only the last is signed by an authority.
  return authorities.some((issuer) => isIssuedBy(between.at(-1) ?? cert, issuer));
}

/** Whether a server at this address can show the certificate; true where that cannot be told yet. */
export function isCertifiedFor(address: string, tls: StoreTls): boolean {
  const [cert] = certificatesIn(tls.cert) ?? [];
  if (!cert) return true;
  return (isIP(address) ? cert.checkIP(address) : cert.checkHost(address)) !== undefined;
}

/** The names and addresses it is for, as the certificate has them. */
export function namesOf({ cert }: StoreTls): string {
  return certificatesIn(cert)?.[0]?.subjectAltName ?? "none";
}

function certificatesIn(pem: string): X509Certificate[] | undefined {
  try {
    const found = (pem.match(BLOCKS) ?? []).map((block) => new X509Certificate(block));
    return found.length === 0 ? undefined : found;
  } catch {
    return undefined;
  }
}

function privateKeyIn(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function isExpired(cert: X509Certificate): boolean {
  return Date.parse(cert.validTo) < Date.now();
}

function isIssuedBy(cert: X509Certificate, issuer: X509Certificate): boolean {
  return cert.checkIssued(issuer) && cert.verify(issuer.publicKey);
}
