const MAX_SENTENCE = 1_000;
const MAX_LISTED = 5;

export interface Place {
  readonly line: number;
  /** Null when the row is the first thing on its line. */
  readonly column: number | null;
}

/** Where a row stands in the file. Some files are one long line, in which only the column tells rows apart. */
export const placeOf = ({ line, column }: Place): string => (column === null ? `line ${line}` : `line ${line}, column ${column}`);

/** Where rows stand, for the beginning of a sentence: the first line and how many more there are. */
export const places = (rows: readonly { readonly line: number }[]): string =>
  `Line ${rows[0]?.line ?? 1}${rows.length > 1 ? ` and ${rows.length - 1} more` : ''}`;

/** The first few of many names. */
export const listed = (names: readonly string[]): string =>
  names.slice(0, MAX_LISTED).join(', ') + (names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : '');

/** Files can hold names of any length; a sentence for a person cannot. */
export const brief = (sentence: string): string =>
  sentence.length > MAX_SENTENCE ? `${sentence.slice(0, MAX_SENTENCE)}…` : sentence;
