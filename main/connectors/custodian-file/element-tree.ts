import { createTokenizer, type Token } from './tokens.ts';
import type { FileText } from './file-text.ts';
import { unreadable } from './unreadable.ts';

export const MAX_DEPTH = 64;
export const MAX_ELEMENTS = 1_500_000;
export const MAX_VALUE_CHARACTERS = 20_000;

/** One element. `text` is null for an aggregate; children are in file order. `start` and `end` are offsets in the text. */
export interface Element {
  readonly tag: string;
  readonly line: number;
  /** Null when the element is the first thing on its line. */
  readonly column: number | null;
  readonly start: number;
  end: number;
  text: string | null;
  children: Element[];
}

const NO_CHILDREN: Element[] = [];

// An SGML value tag may be left open, an aggregate may not: one of these left open means that the file is damaged.
const AGGREGATES = new Set(
  `OFX SIGNONMSGSRSV1 SONRS STATUS FI INVSTMTMSGSRSV1 INVSTMTTRNRS INVSTMTRS INVACCTFROM INVTRANLIST INVPOSLIST INVBAL BALLIST
  BAL INV401K INV401KBAL INVOOLIST SECLISTMSGSRSV1 SECLISTTRNRS SECLISTRS SECLIST INVTRAN SECID SECINFO INVBUY INVSELL CURRENCY ORIGCURRENCY
  STMTTRN INVBANKTRAN INVPOS POSSTOCK POSMF POSDEBT POSOPT POSOTHER STOCKINFO MFINFO DEBTINFO OPTINFO OTHERINFO
  BUYSTOCK BUYMF BUYDEBT BUYOPT BUYOTHER SELLSTOCK SELLMF SELLDEBT SELLOPT SELLOTHER REINVEST INCOME TRANSFER RETOFCAP
  SPLIT MARGININTEREST INVEXPENSE JRNLFUND JRNLSEC CLOSUREOPT BANKMSGSRSV1 STMTTRNRS STMTRS BANKTRANLIST`.split(/\s+/),
);

const tidy = (value: string): string => value.replace(/[\s\u00a0]+/g, ' ').trim();

/** Builds the tree of `<OFX>`, closing what SGML leaves open. Throws the `unreadable` error with the line at fault. */
export function buildTree(file: FileText): Element {
  const tokenizer = createTokenizer(file.text, file.bodyStart);
  const stack: Element[] = [];
  let root: Element | null = null;
  let elements = 0;
  let ahead: Token | null | undefined;

  const peek = (): Token | null => (ahead === undefined ? (ahead = tokenizer.next()) : ahead);
  const take = (): Token | null => {
    const token = peek();
    ahead = undefined;
    return token;
  };

  function open(token: Token & { kind: 'open' }): void {
    elements += 1;
    if (elements > MAX_ELEMENTS)
      throw unreadable(token.line, `The file has more than ${MAX_ELEMENTS} elements. Ask the custodian for a shorter period.`);
    if (root !== null && stack.length === 0)
      throw unreadable(token.line, `<${token.name}> stands after the end of the document.`);
    const element: Element = {
      tag: token.name,
      line: token.line,
      column: token.column,
      start: token.start,
      end: token.end,
      text: null,
      children: NO_CHILDREN,
    };
    const parent = stack.at(-1);
    if (parent) {
      if (parent.children === NO_CHILDREN) parent.children = [];
      parent.children.push(element);
    }
    root ??= element;
    if (token.empty) {
      element.text = '';
      return;
    }
    const following = peek();
    if (following?.kind === 'text') {
      take();
      if (following.value.length > MAX_VALUE_CHARACTERS)
        throw unreadable(
          following.line,
          `The value of <${element.tag}> has more than ${MAX_VALUE_CHARACTERS} characters, which no statement needs.`,
        );
      element.text = tidy(following.value);
      element.end = following.end;
    }
    const closing = peek();
    if (closing?.kind === 'close' && closing.name === element.tag) {
      take();
      element.text ??= '';
      element.end = closing.end;
    } else if (element.text === null) {
      if (stack.length >= MAX_DEPTH)
        throw unreadable(token.line, `Elements are nested more than ${MAX_DEPTH} deep here, which no statement needs.`);
      stack.push(element);
    } else if (file.format === 'xml') {
      throw unreadable(token.line, `<${element.tag}> is not closed, which OFX 2.x requires.`);
    }
  }

  /** An SGML value tag with nothing after it looked like an aggregate: it is an empty value, and what follows are its siblings. */
  function becomeEmptyValue(element: Element, parent: Element): void {
    for (const child of element.children) parent.children.push(child);
    element.children = NO_CHILDREN;
    element.text = '';
  }

  function close(token: Token & { kind: 'close' }): void {
    let depth = stack.length - 1;
    while (depth >= 0 && stack[depth]?.tag !== token.name) depth -= 1;
    if (depth < 0) throw unreadable(token.line, `</${token.name}> closes nothing that is open.`);
    for (let top = stack.pop(); top; top = stack.pop()) {
      if (stack.length === depth) {
        top.end = token.end;
        return;
      }
      if (file.format === 'xml' || AGGREGATES.has(top.tag))
        throw unreadable(token.line, `</${token.name}> stands here while <${top.tag}> of line ${top.line} is still open.`);
      becomeEmptyValue(top, stack.at(-1) as Element);
    }
  }

  for (let token = take(); token; token = take()) {
    if (token.kind === 'open') open(token);
    else if (token.kind === 'close') close(token);
    // Some files end with the end-of-file character of DOS.
    else if (stack.length > 0 || /[^\s\u001a]/.test(token.value))
      throw unreadable(token.line, `Text stands where a tag was expected: ${JSON.stringify(tidy(token.value).slice(0, 40))}.`);
  }

  const left = stack.findLast((element) => AGGREGATES.has(element.tag)) ?? stack[0];
  if (left) throw unreadable(left.line, `<${left.tag}> is opened here and never closed. The file is cut off; download it again.`);
  if (root === null) throw unreadable(null, 'The file holds no OFX document.');
  return root;
}
