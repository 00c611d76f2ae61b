import { BaseSequencer } from 'vitest/node';

// Minutes rather than seconds, or long waits beside which others can work: begun last, one of them would run alone at the end.
const LONG = [
  'scenarios/kill-at-any-point',
  'renderer/browser/conflicts',
  'renderer/browser/screens',
  'contract/contract',
  'packaging/pack',
  'renderer/browser/working',
  'renderer/browser/wizard',
  'renderer/browser/sign-in',
  'scenarios/secret-canary',
  'scenarios/demo-firm',
  'sandbox/manifest',
  'api/connection-page',
  'sign-in/sandbox-sign-in',
  'imports/rollback-properties',
  'api/webhooks',
  'sign-in/password-sign-in',
];

/** @param {import('vitest/node').TestSpecification} file @returns {number} */
const placeOf = ({ moduleId }) => {
  const place = LONG.findIndex((name) => moduleId.endsWith(`tests/${name}.test.ts`));
  return place === -1 ? LONG.length : place;
};

/** The usual order of test files, with those known to be long before the others of their project. */
export default class LongestFirst extends BaseSequencer {
  /** @override @param {import('vitest/node').TestSpecification[]} files @returns {Promise<import('vitest/node').TestSpecification[]>} */
  async sort(files) {
    const usual = await super.sort(files);
    const projects = [...new Set(usual.map(({ project }) => project.name))];
    return projects.flatMap((name) =>
      usual.filter(({ project }) => project.name === name).toSorted((one, other) => placeOf(one) - placeOf(other)),
    );
  }
}
