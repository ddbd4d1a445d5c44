/** One request to the engine. */
export interface Call {
  /** What is being done, for errors: `create network "lan"`. */
  attempt: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Without the version: `/networks/create`. */
  path: string;
  /** Without those that are undefined. */
  query?: Record<string, string | number | boolean | undefined>;
  body?: object;
  /** A body that is not JSON: a tar archive. */
  archive?: Buffer;
  headers?: Record<string, string>;
  /** What it names was there a moment before: that the engine does not find it is no answer. */
  known?: boolean;
  /** Takes as long as it takes, up to the deadline of who asks: it has no place among the concurrent requests. */
  long?: boolean;
}

/** A path's segment that names a thing. */
export function named(text: string): string {
  return encodeURIComponent(text);
}

/** The engine's own form of filters: JSON, each with a list of values. */
export function filters(given: Record<string, string | string[] | undefined>): string | undefined {
  const entries = Object.entries(given).flatMap(([key, value]) =>
    value === undefined || value.length === 0 ? [] : [[key, [value].flat()]],
  );
  return entries.length ? JSON.stringify(Object.fromEntries(entries)) : undefined;
}

export function queryString(query: Call["query"] = {}): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) parameters.set(key, String(value));
  const text = parameters.toString();
  return text ? `?${text}` : "";
}
