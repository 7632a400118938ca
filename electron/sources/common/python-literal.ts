interface Header {
  descr: { text: string } | 'list';
  fortranOrder: boolean;
  shape: number[];
}

const MAX_AXES = 32;

/**
 * The Python dictionary literal of an NPY header: exactly the keys descr, fortran_order and shape, nothing else, and
 * nothing evaluated. Throws Error with the reason.
 */
export function parseNpyDictionary(text: string): Header {
  const scan = new Scanner(text);
  const found: Partial<Header> = {};
  scan.take('{');
  while (!scan.skip('}')) {
    const key = scan.string();
    scan.take(':');
    if (key === 'descr' && found.descr === undefined) {
      if (scan.peek() === '[') return { descr: 'list', fortranOrder: false, shape: [] };
      found.descr = { text: scan.string() };
    } else if (key === 'fortran_order' && found.fortranOrder === undefined) found.fortranOrder = scan.boolean();
    else if (key === 'shape' && found.shape === undefined) found.shape = scan.tuple();
    else throw new Error(`the key "${key.slice(0, 40)}" does not belong there, or stands twice`);
    if (!scan.skip(',') && scan.peek() !== '}') throw new Error('a comma is missing');
  }
  scan.end();
  const { descr, fortranOrder, shape } = found;
  if (descr === undefined || fortranOrder === undefined || shape === undefined) {
    throw new Error('descr, fortran_order or shape is missing');
  }
  return { descr, fortranOrder, shape };
}

class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  /** The next character that is no white space; "" at the end. */
  peek(): string {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
    return this.text[this.at] ?? '';
  }

  skip(wanted: string): boolean {
    if (this.peek() !== wanted) return false;
    this.at++;
    return true;
  }

  take(wanted: string): void {
    if (!this.skip(wanted)) throw new Error(`"${wanted}" is missing at character ${this.at}`);
  }

  string(): string {
    const quote = this.peek();
    if (quote !== "'" && quote !== '"') throw new Error(`a text is missing at character ${this.at}`);
    const end = this.text.indexOf(quote, this.at + 1);
    const content = this.text.slice(this.at + 1, end);
    if (end < 0 || /[\\\n]/.test(content)) throw new Error(`the text at character ${this.at} does not end`);
    this.at = end + 1;
    return content;
  }

  boolean(): boolean {
    this.peek();
    for (const [word, value] of [['True', true] as const, ['False', false] as const]) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    throw new Error(`True or False is missing at character ${this.at}`);
  }

  /** (), (3,), (3, 4): a single number needs its comma, as in Python. */
  tuple(): number[] {
    const values: number[] = [];
    this.take('(');
    while (!this.skip(')')) {
      this.peek();
      // Python 2 wrote long integers as 3L.
      const digits = /^\d{1,15}(?=L?\s*[,)])/.exec(this.text.slice(this.at, this.at + 24))?.[0];
      if (digits === undefined) throw new Error(`the shape holds something else than a size at character ${this.at}`);
      this.at += digits.length;
      this.skip('L');
      values.push(Number(digits));
      if (values.length > MAX_AXES) throw new Error(`the shape has more than ${MAX_AXES} axes`);
      if (!this.skip(',')) {
        if (values.length === 1) throw new Error('the shape is no tuple');
        this.take(')');
        return values;
      }
    }
    return values;
  }

  end(): void {
    if (this.peek() !== '') throw new Error(`something follows the dictionary at character ${this.at}`);
  }
}
