import { utils } from "ssh2";

/**
 * A new ed25519 key. ssh2 1.17 drops a leading zero byte now and then, and what it then writes (one key in about 160)
 * nobody can read; such a key is thrown away.
 */
export function newKey(passphrase?: string): ReturnType<typeof utils.generateKeyPairSync> {
  for (;;) {
    const key = passphrase
      ? utils.generateKeyPairSync("ed25519", { passphrase, cipher: "aes256-cbc", rounds: 1 })
      : utils.generateKeyPairSync("ed25519");
    if (!(utils.parseKey(key.private, passphrase) instanceof Error)) return key;
  }
}
