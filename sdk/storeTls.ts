import type * as pulumi from "@pulumi/pulumi";

/** Certificates of a store's servers and of those who ask them, each as PEM text. Secret as a whole. */
export interface StoreTlsArgs {
  /** Whose certificates are trusted. For a change to another authority, first give both, one behind the other. */
  ca: pulumi.Input<string>;
  /**
   * The certificate to be shown, with those between it and the authority's behind it: for servers good for the addresses
   * they listen on (subjectAltName) and for both sides (extendedKeyUsage serverAuth and clientAuth, or none); for engines
   * for clients.
   */
  cert: pulumi.Input<string>;
  /** The certificate's private key, without a passphrase. */
  key: pulumi.Input<string>;
}
