import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../main/observability/metrics.ts';
import { readExposition } from '../support/exposition.ts';
import { promtool, WITHOUT_PROMTOOL } from '../support/promtool.ts';

const read = (name: string): string => readFileSync(`docs/monitoring/${name}`, 'utf8');

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

/** Names of the words of the query language that these files use. */
const LANGUAGE = ['sum', 'by', 'rate', 'increase', 'histogram_quantile', 'topk', 'time', 'up'];

/** Names in an expression that are neither labels nor words of the language. */
const namesIn = (expression: string): string[] =>
  expression
    .replace(/\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)|"[^"]*"/g, ' ')
    .match(/[a-z_][a-z0-9_]*/gi)
    ?.filter((name) => !LANGUAGE.includes(name)) ?? [];

const known = async (): Promise<Set<string>> => {
  const metrics = createMetrics({
    version: '1',
    host: 'test',
    figures: () => Promise.resolve({ connections: [], openConflicts: [] }),
  });
  return new Set(
    [...readExposition(await metrics.text()).values()].flatMap(({ name, type }) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
};

const expressions = (): string[] => [
  ...(JSON.parse(read('dashboard.json')) as Dashboard).panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...[...read('alerts.yml').matchAll(/^ +expr: (.*)$/gm)].map(([, expression]) => expression ?? ''),
];

describe('dashboard and alert rules', () => {
  it('ask for metrics that there are, and for every one of the program’s own', async () => {
    const names = await known();
    const asked = expressions().flatMap(namesIn);
    expect(asked.filter((name) => !names.has(name))).toEqual([]);
    const own = [...names].filter((name) => !/^(process|nodejs)_|_(sum|count)$/.test(name));
    expect(own.filter((name) => !asked.includes(name))).toEqual([]);
  });

  it('would be found out if they asked for one that there is not', async () => {
    expect(namesIn('sum by (le) (rate(sync_gone_total{platform="x"}[5m])) > 1')).toEqual(['sync_gone_total']);
    expect((await known()).has('sync_gone_total')).toBe(false);
  });

  it('are explained: the page names every metric of the program and none that is not there', async () => {
    const names = new Set(
      [...(await known())].map((name) => name.replace(/_bucket$/, '')).filter((n) => !/_(sum|count)$/.test(n)),
    );
    const explained = [...read('README.md').matchAll(/^\| `([a-z_]+)` \| (?:counter|gauge|histogram) /gm)].map(
      ([, name]) => name ?? '',
    );
    expect(explained.toSorted()).toEqual([...names].filter((name) => !/^(process|nodejs)_/.test(name)).toSorted());
  });

  it('the dashboard has panels that do not lie over each other', () => {
    const { panels } = JSON.parse(read('dashboard.json')) as Dashboard;
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it('the rules pass promtool check rules', ({ skip }) => {
    const verdict = promtool(['check', 'rules', 'docs/monitoring/alerts.yml']);
    if (verdict === null) return skip(WITHOUT_PROMTOOL);
    expect(verdict.said).toContain('SUCCESS: 9 rules found');
    expect(verdict.code).toBe(0);
  });
});
