// This window is drawn by the browser and by nothing before it, with components in runes mode only. Svelte keeps code for
// pages that a server has drawn and for components of its fourth version behind flags; told that they stay down, a build
// leaves it out. Fails when a new Svelte writes its flags in another way, or when a component would raise one.
const FLAGS = [
  [/svelte\/src\/internal\/client\/dom\/hydration\.js$/, 'hydrating'],
  [/svelte\/src\/internal\/flags\/index\.js$/, 'legacy_mode_flag'],
  [/svelte\/src\/internal\/flags\/index\.js$/, 'async_mode_flag'],
  [/svelte\/src\/internal\/flags\/index\.js$/, 'tracing_mode_flag'],
];
/** What binds fields, and reads their sizes. Nothing happens by its being there: who binds none need not have it. */
export const FIELDS = /svelte\/src\/internal\/client\/dom\/elements\/bindings\/(input|select|size)\.js$/;
const RAISES = /svelte\/src\/internal\/flags\/(legacy|async|tracing)\.js$/;

/** @returns {import('vite').Plugin} */
export function drawn() {
  return {
    name: 'porchlight-drawn',
    apply: 'build',
    transform(code, id) {
      if (RAISES.test(id)) this.error(`raises a flag that a build takes for down: ${id}`);
      if (FIELDS.test(id)) return { code, map: null, moduleSideEffects: false };
      const flags = FLAGS.filter(([file]) => file.test(id)).map(([, flag]) => flag);
      if (flags.length === 0) return null;
      return { code: flags.reduce((text, flag) => lower(this, text, flag), code), map: null };
    },
  };
}

function lower(build, code, flag) {
  const declared = `export let ${flag} = false;`;
  if (!code.includes(declared)) build.error(`no longer declared by Svelte as it was: ${flag}`);
  return code
    .replace(declared, `export const ${flag} = false;`)
    .replaceAll(new RegExp(`\\b${flag} = (?!false;)\\w+;`, 'g'), '')
    .replaceAll(new RegExp(`(?<!const )\\b${flag} = false;`, 'g'), '');
}
