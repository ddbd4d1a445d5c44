export interface TarFile {
  /** Absolute, with directories that are made where they are missing. */
  path: string;
  content: Buffer;
  mode: number;
  /** Whose it is. Default: root's. */
  owner?: { uid: number; gid: number };
}

const BLOCK = 512;

/** A tar archive of plain files, in the form of POSIX.1-1988 (ustar). */
export function tar(files: readonly TarFile[]): Buffer {
  return Buffer.concat([...files.flatMap(entry), Buffer.alloc(2 * BLOCK)]);
}

function entry({ path, content, mode, owner = { uid: 0, gid: 0 } }: TarFile): Buffer[] {
  const { name, prefix } = split(path.replace(/^\/+/, ""));
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, "0")}\0`;
  header.write(name, 0, 100);
  header.write(octal(mode, 8), 100);
  header.write(octal(owner.uid, 8), 108);
  header.write(octal(owner.gid, 8), 116);
  header.write(octal(content.length, 12), 124);
  header.write(octal(0, 12), 136);
  header.write(" ".repeat(8), 148);
  header.write("0", 156);
  header.write("ustar\u000000", 257);
  header.write(prefix, 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}

/** The content of an archive's first file, or undefined where that is no plain file. */
export function firstFileOf(archive: Buffer): Buffer | undefined {
  const type = String.fromCharCode(archive[156] ?? 0);
  if (type !== "0" && type !== "\0") return undefined;
  const size = Number.parseInt(archive.toString("latin1", 124, 136), 8);
  return archive.subarray(BLOCK, BLOCK + size);
}

/** A long path is split at a slash: 155 bytes before it, 100 behind. */
function split(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: "" };
  const slash = [...path.matchAll(/\//g)].find(({ index }) => Buffer.byteLength(path.slice(index + 1)) <= 100)?.index;
  const prefix = path.slice(0, slash ?? 0);
  if (slash === undefined || Buffer.byteLength(prefix) > 155) throw new Error(`the path /${path} is too long`);
  return { name: path.slice(slash + 1), prefix };
}
