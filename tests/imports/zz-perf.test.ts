import { it } from 'vitest';
import { position, secId } from '../connectors/custodian-file/ofx-writer.ts';
import { createImportRig } from './import-rig.ts';
import { file, movement } from './statements.ts';
it('perf', async () => {
  const rig = createImportRig();
  const make = (asOf: string, px: string) => file({ asOf, positions: Array.from({ length: 25000 }, (_, i) => position('POSSTOCK', secId(`X${i}`, 'PRIVATE'), { UNITS: '10', UNITPRICE: px, MKTVAL: String(10 * Number(px)), MEMO: 'x'.repeat(60) })), transactions: Array.from({ length: 20000 }, (_, i) => movement('1', `T${i}`)) });
  for (const [asOf, px] of [['20240131', '5'], ['20240229', '6']] as const) {
    const bytes = make(asOf, px);
    let t = performance.now();
    const lap = (n: string) => { console.log(n, Math.round(performance.now() - t)); t = performance.now(); };
    const p = await rig.preview(bytes); lap(`preview ${bytes.byteLength}`);
    await rig.client.call('imports.apply', { previewId: p.previewId }); lap('apply');
  }
  let t = performance.now();
  await rig.rollback('2'); console.log('rollback 2', Math.round(performance.now() - t)); t = performance.now();
  await rig.rollback('1'); console.log('rollback 1', Math.round(performance.now() - t));
  console.log(rig.one('SELECT count(*) FROM holdings'));
}, 300000);
