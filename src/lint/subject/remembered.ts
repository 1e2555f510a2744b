/**
 * A function whose answer about an object is found once and kept as long as the object: rules are many, and ask the same of
 * a subject. What else it is given has to follow from the object.
 */
export function remembered<K extends object, More extends readonly unknown[], V>(
  find: (key: K, ...more: More) => V,
): (key: K, ...more: More) => V {
  const answers = new WeakMap<K, { readonly answer: V }>();
  return (key, ...more) => {
    const known = answers.get(key) ?? { answer: find(key, ...more) };
    answers.set(key, known);
    return known.answer;
  };
}
