// XML as the wire uses it: elements, attributes, text, the five entities and character references. Pure, so that it
// runs in tests without a browser. It knows nothing of what the documents mean. A document type is refused: nothing
// on this wire has one, and it is where XML gets dangerous.

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The character data directly inside, with the references resolved. */
  readonly text: string;
}

/** A document that is no well-formed XML. */
export class XmlError extends Error {
  constructor(
    readonly offset: number,
    reason: string,
  ) {
    super(`${reason} at character ${offset}`);
    this.name = 'XmlError';
  }
}

/** Elements inside elements; deeper input is refused rather than followed. */
const MAX_DEPTH = 64;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const NAME = /[A-Za-z_:\u0080-\uffff][-A-Za-z0-9_:.\u0080-\uffff]*/y;
const SPACE = /[ \t\r\n]*/y;

/** Parses one document and returns its root element. Throws XmlError. */
export function parseXml(source: string): XmlElement {
  let at = 0;

  const fail = (reason: string): never => {
    throw new XmlError(at, reason);
  };
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const skipTo = (end: string): string => {
    const stop = source.indexOf(end, at);
    if (stop < 0) fail(`no ${end}`);
    const inside = source.slice(at, stop);
    at = stop + end.length;
    return inside;
  };
  const looksAt = (text: string): boolean => source.startsWith(text, at);

  /** Comments, processing instructions and space around the root element. */
  const skipMisc = (): void => {
    for (;;) {
      match(SPACE);
      if (looksAt('<!--')) skipTo('-->');
      else if (looksAt('<?')) skipTo('?>');
      else return;
    }
  };

  const attributes = (): Map<string, string> => {
    const found = new Map<string, string>();
    for (;;) {
      const space = match(SPACE);
      if (looksAt('>') || looksAt('/>')) return found;
      if (space === '') fail('no space before an attribute');
      const name = match(NAME) || fail('no attribute name');
      match(SPACE);
      if (!looksAt('=')) fail('no value for an attribute');
      at += 1;
      match(SPACE);
      const quote = source[at];
      if (quote !== '"' && quote !== "'") return fail('an attribute value without quotes');
      at += 1;
      found.set(name, unescapeXml(skipTo(quote)));
    }
  };

  const element = (depth: number): XmlElement => {
    if (depth > MAX_DEPTH) fail('too deep');
    at += 1; // the '<' that the caller saw
    const name = match(NAME) || fail('no element name');
    const attrs = attributes();
    const children: XmlElement[] = [];
    let text = '';
    if (looksAt('/>')) {
      at += 2;
      return { name, attributes: attrs, children, text };
    }
    at += 1; // the '>' that attributes() stopped at
    for (;;) {
      const open = source.indexOf('<', at);
      if (open < 0) fail(`${name} is not closed`);
      text += unescapeXml(source.slice(at, open));
      at = open;
      if (looksAt('</')) {
        at += 2;
        if (match(NAME) !== name) fail(`${name} is not the element being closed`);
        match(SPACE);
        if (!looksAt('>')) fail('no > after a closing name');
        at += 1;
        return { name, attributes: attrs, children, text };
      }
      if (looksAt('<!--')) skipTo('-->');
      else if (looksAt('<![CDATA[')) {
        at += 9;
        text += skipTo(']]>');
      } else if (looksAt('<?')) skipTo('?>');
      else children.push(element(depth + 1));
    }
  };

  if (source.charCodeAt(0) === 0xfeff) at = 1; // byte order mark
  skipMisc();
  if (looksAt('<!')) fail('a document type is not accepted');
  if (!looksAt('<')) fail('no root element');
  const root = element(0);
  skipMisc();
  if (at < source.length) fail('text after the root element');
  return root;
}

/** Escapes text for content and attribute values; line feeds become `&#10;`, as client logs carry them. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\n]/g, (c) => {
    switch (c) {
      case '&':
        return '&amp;';
      case '<':
        return '&lt;';
      case '>':
        return '&gt;';
      case '"':
        return '&quot;';
      case "'":
        return '&apos;';
      default:
        return '&#10;';
    }
  });
}

/** Resolves entities and character references; an unknown one stays as it is written. */
export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]+));/g, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name as string] ?? whole;
    const code = hex !== undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
      ? String.fromCodePoint(code)
      : whole;
  });
}

/** The same name with its first letter in the other case: the wire spells roots and some children both ways. */
function sameName(a: string, b: string): boolean {
  return a === b || (a.slice(1) === b.slice(1) && a.charAt(0).toLowerCase() === b.charAt(0).toLowerCase());
}

/** Whether this is an element of that name, the case of the first letter aside. */
export function isNamed(element: XmlElement, name: string): boolean {
  return sameName(element.name, name);
}

/** The first child of that name, the case of the first letter aside. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((c) => sameName(c.name, name));
}

/** All children of that name, the case of the first letter aside. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((c) => sameName(c.name, name)) ?? [];
}

/** The trimmed text of the child of that name; empty when there is none. */
export function textOf(element: XmlElement | undefined, name: string): string {
  return child(element, name)?.text.trim() ?? '';
}
