/** An image that the lab's registry serves, as `docker pull name:tag` asks for it. */
export interface Image {
  /** The everyday name without a tag: `busybox`. */
  name: string;
  /** Each tag is an image of its own: same files, labels of its own, hence another image id. */
  tags: { tag: string; labels?: Record<string, string> }[];
  config: ImageConfig;
  /** Fills the folder with the image's root file system. */
  fill: (root: string) => Promise<void>;
  /** Bump when `fill` changes what it makes. */
  version: number;
}

/** The part of an image's configuration that the lab's images use, in the words of the OCI image specification. */
export interface ImageConfig {
  Env: string[];
  Cmd: string[];
  Entrypoint?: string[];
  Volumes?: Record<string, object>;
  ExposedPorts?: Record<string, object>;
}
