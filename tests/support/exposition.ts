/** One figure of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const match = LABEL.exec(rest);
    const [whole = '', name = '', value = ''] = match ?? [];
    if (match === null) throw new Error(`Not a label: ${rest}`);
    if (name in labels) throw new Error(`The label ${name} stands twice.`);
    labels[name] = value.replace(/\\(["\\n])/g, (_all, sign: string) => (sign === 'n' ? '\n' : sign));
    rest = rest.slice(whole.length);
  }
  return labels;
}

const numberOf = (text: string): number => {
  const value = { '+Inf': Infinity, '-Inf': -Infinity, Nan: NaN, NaN }[text] ?? Number(text);
  if (Number.isNaN(value) && !/^nan$/i.test(text)) throw new Error(`Not a number: ${text}`);
  return value;
};

/** The family a sample belongs to: histograms and summaries have samples of other names. */
const familyOf = (sample: string, type: string, name: string): boolean =>
  sample === name ||
  (type === 'histogram' && ['_bucket', '_sum', '_count'].some((end) => sample === name + end)) ||
  (type === 'summary' && ['_sum', '_count'].some((end) => sample === name + end));

/**
 * Reads the text format of Prometheus as its specification describes it: https://prometheus.io/docs/instrumenting/exposition_formats.
 * Throws on whatever the specification does not allow.
 */
export function readExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('The last line has no end.');
  const families = new Map<string, Family & { samples: Sample[]; seen: Set<string> }>();
  let help: { name: string; text: string } | null = null;
  let current: (Family & { samples: Sample[]; seen: Set<string> }) | null = null;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, keyword, subject = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') help = { name: subject, text: rest };
    else if (keyword === 'TYPE') {
      if (families.has(subject)) throw new Error(`${subject} has two types.`);
      if (!['counter', 'gauge', 'histogram', 'summary', 'untyped'].includes(rest)) throw new Error(`No such type: ${rest}`);
      current = { name: subject, type: rest, help: help?.name === subject ? help.text : '', samples: [], seen: new Set() };
      families.set(subject, current);
    } else if (!line.startsWith('#')) {
      const match = SAMPLE.exec(line);
      const [, name = '', labels = '', value = ''] = match ?? [];
      if (match === null) throw new Error(`Not a sample: ${line}`);
      if (current === null || !familyOf(name, current.type, current.name))
        throw new Error(`${name} stands outside its family ${current?.name ?? ''}.`);
      const sample: Sample = { name, labels: labelsOf(labels), value: numberOf(value) };
      const key =
        name +
        JSON.stringify(
          Object.keys(sample.labels)
            .toSorted()
            .map((label) => [label, sample.labels[label]]),
        );
      if (current.seen.has(key)) throw new Error(`${line} stands twice.`);
      current.seen.add(key);
      current.samples.push(sample);
    }
  }
  return families;
}
