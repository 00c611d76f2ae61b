import { z } from 'zod';
import type { FeeTreatment } from '../../../shared/model/performance.ts';
import { jsonAnswer, readFrame } from '../answers.ts';
import { ConnectorError, type ConnectorContext } from '../connector.ts';
import { jsonId, jsonList, toIdText } from '../json.ts';
import { ADDEPAR, type AddeparAccess } from './access.ts';

export const RETURN_KEY = 'time_weighted_return';

/** A way to ask for a return, and what it says about fees. */
export interface ReturnAsk {
  readonly fees: FeeTreatment | null;
  readonly arguments: Readonly<Record<string, unknown>>;
}

const argument = z.object({
  id: jsonId,
  attributes: z.object({ values: z.array(z.unknown()).nullish(), default_value: z.unknown() }),
});
const DOING = 'list the arguments of returns';

const isNothing = (value: unknown): boolean =>
  value == null || value === '' || String(value).toLowerCase() === 'none' || (Array.isArray(value) && value.length === 0);

/**
 * Learns from Addepar which arguments its returns take here. Returns are net where no fee type is left out by default, and
 * gross with every listed fee type left out; where neither can be told they are asked for once and say nothing of fees.
 * Throws `forbidden` where the attribute is not to be seen.
 */
export async function discoverReturns(context: ConnectorContext, access: AddeparAccess): Promise<readonly ReturnAsk[]> {
  const response = await access.get(`/v1/attributes/${RETURN_KEY}/arguments`, DOING);
  // What a user may not see behaves as absent.
  if (response.status === 404) throw new ConnectorError('forbidden', 'Addepar lists no time-weighted return for this user.');
  const { data } = readFrame(ADDEPAR, z.object({ data: jsonList }), jsonAnswer(ADDEPAR, response, DOING), 'list');
  const known = new Map(
    data.flatMap((item) => {
      const read = argument.safeParse(item);
      return read.success ? [[toIdText(read.data.id), read.data.attributes] as const] : [];
    }),
  );
  // Whole returns, which can be compared and linked; a yearly rate follows from them.
  const common = known.has('annualized_default_false') ? { annualized_default_false: false } : {};
  const fees = known.get('excluded_fee_types');
  const types = fees?.values ?? [];
  if (!fees || !isNothing(fees.default_value)) return [{ fees: null, arguments: common }];
  if (types.length === 0) context.log('Addepar lists no fee types, so returns before fees are not read');
  return [
    { fees: 'net', arguments: common },
    ...(types.length === 0 ? [] : [{ fees: 'gross' as const, arguments: { ...common, excluded_fee_types: types } }]),
  ];
}
