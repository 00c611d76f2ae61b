/** A code such as `both_changed` or `marketValue` as words in sentence case: "Both changed", "Market value". */
export function toWords(code: string): string {
  const words = code
    .replace(/([A-Z])/g, ' $1')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
