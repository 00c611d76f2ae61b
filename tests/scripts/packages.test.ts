import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { enterpriseNames } from '../../scripts/packages/enterprise-names.mjs';
import { enterpriseUsage } from '../../scripts/packages/grid-usage.mjs';
import { missingFromLock } from '../../scripts/packages/missing-from-lock.mjs';
import { enterprisePackages, isAllowed, licenceProblems, shippedPlaces } from '../../scripts/packages/shipped.mjs';

const lockFile = JSON.parse(readFileSync('package-lock.json', 'utf8'));

describe('missingFromLock', () => {
  it('finds the binding of a platform that the lock has no entry for', () => {
    const packages = {
      '': { dependencies: { tool: '1.0.0' } },
      'node_modules/tool': { version: '1.0.0', optionalDependencies: { '@tool/linux': '1.0.0', '@tool/windows': '1.0.0' } },
      'node_modules/@tool/linux': { version: '1.0.0' },
    };
    expect(missingFromLock({ packages })).toEqual([{ name: '@tool/windows', range: '1.0.0', wantedBy: 'node_modules/tool' }]);
  });

  it('finds packages where Node would: beside, or in a folder above', () => {
    const packages = {
      '': { dependencies: { a: '1' } },
      'node_modules/a': { version: '1.0.0', dependencies: { b: '1', c: '1' } },
      'node_modules/a/node_modules/b': { version: '1.0.0', dependencies: { c: '1' } },
      'node_modules/c': { version: '1.0.0' },
    };
    expect(missingFromLock({ packages })).toEqual([]);
  });

  it('finds nothing missing from the lock of this project', () => {
    expect(missingFromLock(lockFile)).toEqual([]);
  });
});

describe('licences', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND Apache-2.0', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only', false],
    ['AGPL-3.0-only', false],
    ['MPL-2.0', false],
    ['UNLICENSED', false],
    ['SEE LICENSE IN LICENSE.md', false],
  ])('%s may ship: %s', (licence, allowed) => {
    expect(isAllowed(licence)).toBe(allowed);
  });

  it('are asked of what is imported and all below it, not of tools', () => {
    const lock = {
      packages: {
        'node_modules/used': { version: '1.0.0', license: 'MIT', dependencies: { deep: '1' } },
        'node_modules/deep': { version: '1.0.0', license: 'GPL-3.0-only' },
        'node_modules/bare': { version: '1.0.0' },
        'node_modules/tool': { version: '1.0.0', license: 'GPL-3.0-only' },
      },
    };
    expect(licenceProblems(lock, shippedPlaces(lock, ['used', 'bare']))).toEqual([
      'node_modules/bare is shipped under no stated licence, which is not on the list.',
      'node_modules/deep is shipped under GPL-3.0-only, which is not on the list.',
    ]);
  });
});

describe('the commercial edition of AG Grid', () => {
  const names = enterpriseNames(process.cwd());

  it.each(['ag-grid-enterprise', 'ag-charts-enterprise', 'ag-grid-charts-enterprise', '@ag-grid-enterprise/menu'])(
    'is found as %s in a lock',
    (name) => {
      expect(enterprisePackages({ packages: { [`node_modules/${name}`]: { version: '36.2.0' } } })).toHaveLength(1);
      expect(enterprisePackages({ packages: { '': { dependencies: { [name]: '36.2.0' } } } })).toHaveLength(1);
    },
  );

  it('is not in the lock of this project', () => {
    expect(enterprisePackages(lockFile)).toEqual([]);
  });

  it('is known by the names that the installed grid itself gives', () => {
    expect(names.members.size).toBeGreaterThan(200);
    for (const name of [
      'statusBar',
      'sideBar',
      'cellSelection',
      'rowGroup',
      'aggFunc',
      'masterDetail',
      'treeData',
      'serverSideDatasource',
      'exportDataAsExcel',
      'copyToClipboard',
      'getContextMenuItems',
      'findSearchValue',
    ])
      expect(names.members, name).toContain(name);
    for (const name of ['agSetColumnFilter', 'agMultiColumnFilter', 'agRichSelectCellEditor', 'agGroupCellRenderer'])
      expect(names.components, name).toContain(name);
    for (const name of ['rowSelection', 'columnDefs', 'datasource', 'sortable', 'pagination', 'exportDataAsCsv', 'cellRenderer'])
      expect(names.members, name).not.toContain(name);
  });

  it('is seen in use: option, attribute, call, component', () => {
    const source = `import { AgGridReact } from 'ag-grid-react';
      const options = { statusBar: {}, 'sideBar': true };
      const column = { filter: 'agSetColumnFilter' };
      api.exportDataAsExcel();
      const grid = <AgGridReact cellSelection rowModelType="infinite" />;`;
    expect(enterpriseUsage('renderer/a.tsx', source, names).map(({ line, name }) => `${line} ${name}`)).toEqual([
      '2 statusBar',
      '2 sideBar',
      '3 agSetColumnFilter',
      '4 exportDataAsExcel',
      '5 cellSelection',
    ]);
  });

  it('is not seen in files without the grid, nor in names that only look alike', () => {
    expect(enterpriseUsage('renderer/a.ts', 'export const a = { statusBar: 1 };', names)).toEqual([]);
    expect(enterpriseUsage('renderer/a.ts', "import 'x' from 'ag-grid-community';", names)).toEqual([]);
    expect(
      enterpriseUsage(
        'renderer/a.ts',
        "import { a } from 'ag-grid-community';\n[1].find((x) => x > 0);\nconst statusBar = 1;",
        names,
      ),
    ).toEqual([]);
  });
});
