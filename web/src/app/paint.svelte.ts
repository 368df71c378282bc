import { preferences } from './preferences.svelte';

/** `--surface` of tokens.css: what is beside the window continues it. The page itself begins with the system's. */
export const SURFACE = { light: '#ffffff', dark: '#1a1921' } as const;

/** Keeps the colour around the window (status bar, title bar) that of the look that was chosen. */
export function paintAround(): void {
  $effect.root(() => {
    $effect(() => {
      const { look } = preferences;
      for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
        const system = meta.media.includes('dark') ? 'dark' : 'light';
        meta.content = SURFACE[look === 'system' ? system : look];
      }
    });
  });
}
