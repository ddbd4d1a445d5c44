/**
 * Lets many share and one exclude: calls to an engine share its gate, a restart of that engine takes it alone. First
 * come, first served, so that a restart is not starved by a stream of calls.
 */
export class Gate {
  private sharing = 0;
  private excluding = false;
  private readonly waiting: { exclusive: boolean; enter: () => void }[] = [];

  shared<T>(work: () => Promise<T>): Promise<T> {
    return this.through(false, work);
  }

  exclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.through(true, work);
  }

  private async through<T>(exclusive: boolean, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.waiting.push({ exclusive, enter });
      this.admit();
    });
    try {
      return await work();
    } finally {
      if (exclusive) this.excluding = false;
      else this.sharing--;
      this.admit();
    }
  }

  private admit(): void {
    for (let next = this.waiting[0]; next && !this.excluding; next = this.waiting[0]) {
      if (next.exclusive && this.sharing > 0) return;
      this.waiting.shift();
      if (next.exclusive) this.excluding = true;
      else this.sharing++;
      next.enter();
    }
  }
}

/** One gate per key, made when first asked for. */
export class Gates {
  private readonly gates = new Map<string, Gate>();

  of(key: string): Gate {
    const known = this.gates.get(key);
    if (known) return known;
    const gate = new Gate();
    this.gates.set(key, gate);
    return gate;
  }

  /** Shares the gates of all these keys; in one order for everybody, so that nobody waits for who waits for him. */
  shared<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    return this.through(keys, work, (gate, inside) => gate.shared(inside));
  }

  /** Has the gates of all these keys alone, in the same order. */
  exclusive<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    return this.through(keys, work, (gate, inside) => gate.exclusive(inside));
  }

  private through<T>(
    keys: readonly string[],
    work: () => Promise<T>,
    pass: (gate: Gate, inside: () => Promise<T>) => Promise<T>,
  ): Promise<T> {
    const inOrder = [...new Set(keys)].sort().reverse();
    return inOrder.reduce((inside, key) => () => pass(this.of(key), inside), work)();
  }

  /** Gives all these keys one gate, the one that any of them has already. */
  join(keys: readonly string[]): void {
    const [known] = keys.map((key) => this.gates.get(key)).filter((gate) => gate !== undefined);
    const gate = known ?? new Gate();
    for (const key of keys) this.gates.set(key, gate);
  }
}
