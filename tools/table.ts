/** Rows as lines of text, every column as wide as its widest cell; the first row is the heading. */
export function table(rows: string[][]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ")}`.trimEnd()).join("\n");
}

/** Prints a heading and the table below it. */
export function showTable(heading: string, rows: string[][]): void {
  console.log(`\n${heading}\n${table(rows)}`);
}
