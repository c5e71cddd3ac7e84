// Figures are exact: no binary fractions, and no whole number that JavaScript cannot hold.
const LARGEST = Number.MAX_SAFE_INTEGER;

export default function numbered(schema) {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types.includes("number")) return [{ message: "a figure is a decimal text or an integer, never a binary fraction" }];
  if (!types.includes("integer") || schema.enum || schema.const !== undefined) return [];
  const highest = schema.maximum ?? schema.exclusiveMaximum;
  const lowest = schema.minimum ?? schema.exclusiveMinimum;
  if (highest === undefined || highest > LARGEST || lowest === undefined || lowest < -LARGEST) {
    return [{ message: "an integer has bounds within ±(2^53 - 1)" }];
  }
  return [];
}
