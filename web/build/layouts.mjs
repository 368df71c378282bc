// Puts a layout's query where a style sheet names it: `@media (--phone)` (src/app/layouts.ts).
const STYLES = /\.css($|\?)/;

/** @returns {import('vite').Plugin} */
export function layouts(queries) {
  const query = (whole, name) => queries[name] ?? whole;
  return {
    name: 'porchlight-layouts',
    enforce: 'pre',
    transform: (code, id) =>
      STYLES.test(id) ? { code: code.replace(/\(--(\w+)\)/g, query), map: null } : null,
  };
}
