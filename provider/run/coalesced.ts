/**
 * Work that many ask for at the same time, done once for all of them: who asks while it is being done gets the next one,
 * together with everybody else who asks until that begins.
 */
export class Coalesced<T> {
  private current: Promise<T> | undefined;
  private next: Promise<T> | undefined;

  constructor(private readonly work: () => Promise<T>) {}

  run(): Promise<T> {
    if (!this.current) return this.begin();
    this.next ??= this.current.then(
      () => this.begin(),
      () => this.begin(),
    );
    return this.next;
  }

  private begin(): Promise<T> {
    this.next = undefined;
    const begun = this.work().finally(() => {
      if (this.current === begun) this.current = undefined;
    });
    this.current = begun;
    return begun;
  }
}
