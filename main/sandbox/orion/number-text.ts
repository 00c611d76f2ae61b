import { plainText, type Fixed } from '../firm/fixed.ts';

/** 100.0 and 152.5: at least one decimal, as the platform prints its numbers. */
export const decimalNumber = (amount: Fixed): string => {
  const text = plainText(amount);
  return text.includes('.') ? text : `${text}.0`;
};
